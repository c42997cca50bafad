/** A process's own channel: what others have to tell it. What is told may be lost with a connection. */
import { randomBytes } from 'node:crypto'
import type { RedisClient, Running } from '@chatlane/runtime'
import type { Keys } from './names.ts'

/** The channel of this process. */
export interface Mailbox extends Running {
  /** Where others tell this process something. */
  address: string
  /** Tells a process `text`; nobody may be there any more. */
  tell(address: string, text: string): Promise<void>
  /** Calls `heard` for everything that begins with `topic` and a '|', with what follows; one per topic. */
  on(topic: string, heard: (text: string) => void): void
}

/** Opens a channel of a random name under `keys`. */
export async function openMailbox(options: { redis: RedisClient; keys: Keys }): Promise<Mailbox> {
  const { redis, keys } = options
  const address = keys.ofShard(0, `mail:${randomBytes(12).toString('base64url')}`)
  const topics = new Map<string, (text: string) => void>()
  const listener = redis.duplicate()
  // An outage is told by the connection that this one was made from.
  listener.on('error', () => undefined)
  listener.on('message', (_channel: string, message: string) => {
    const at = message.indexOf('|')
    topics.get(message.slice(0, at))?.(message.slice(at + 1))
  })
  await listener.subscribe(address)
  return {
    address,
    async tell(to, text) {
      await redis.publish(to, text)
    },
    on(topic, heard) {
      topics.set(topic, heard)
    },
    stop: async () => listener.disconnect(),
  }
}
