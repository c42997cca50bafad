/** What authors mount in their own HTTP server to receive updates, which come to our gateway instead. */
import type { IncomingMessage, ServerResponse } from 'node:http'

/** A listener, or a middleware of Express where `next` is given. */
export type Listener = (
  request: IncomingMessage,
  response: ServerResponse,
  next?: () => void,
) => Promise<void>

const listeners = new WeakSet<object>()

/** A listener that no request is for: it leaves them to `next`, as Telegraf's own does, else answers 200. */
export function createIgnoredListener(): Listener {
  const listener: Listener = async (_, response, next) => {
    if (next) next()
    else response.writeHead(200).end()
  }
  listeners.add(listener)
  return listener
}

/** Whether `value` is such a listener, which takes no updates. */
export function isIgnoredListener(value: object): boolean {
  return listeners.has(value)
}
