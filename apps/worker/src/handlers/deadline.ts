/** How long a handler may take. */
import { sleep } from '@chatlane/runtime'

/** A handler did not end in time. */
export class HandlerTimeoutError extends Error {
  readonly code = 'HANDLER_TIMEOUT'

  constructor(timeoutMs: number) {
    super(`the handler did not end within ${timeoutMs / 1000} s`)
    this.name = 'HandlerTimeoutError'
  }
}

/** After its signal has aborted a handler may still end by itself for so long. */
const GRACE_MS = 2000

/** `signal` aborts when the time is over or `stopping` aborts; `passed` rejects a while later, unless `end` was called. */
export function openDeadline(stopping: AbortSignal, timeoutMs: number) {
  const over = new AbortController()
  const ended = new AbortController()
  const { promise, reject } = Promise.withResolvers<never>()
  const pass = async (reason: unknown) => {
    over.abort(reason)
    await sleep(GRACE_MS, ended.signal)
    if (!ended.signal.aborted) reject(reason)
  }
  const timer = setTimeout(() => pass(new HandlerTimeoutError(timeoutMs)), timeoutMs)
  if (stopping.aborted) void pass(stopping.reason)
  else stopping.addEventListener('abort', () => pass(stopping.reason), { once: true, signal: ended.signal })
  return {
    signal: over.signal,
    passed: promise,
    end() {
      clearTimeout(timer)
      ended.abort()
    },
  }
}
