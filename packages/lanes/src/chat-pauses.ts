/** Pauses of single chats: their updates are taken in as ever, but no turn begins. */
import type { RedisClient } from '@chatlane/runtime'
import type { Keys } from './names.ts'
import type { ChatName } from './outbox.ts'

/** The pauses of all chats. A pause lasts until it is taken away, and holds for every lane of its chat. */
export interface ChatPauses {
  /** False where the chat is paused already. A turn in progress goes on to its end. */
  pause(chat: ChatName): Promise<boolean>
  /** False where the chat is not paused. Its lanes look again within a second. */
  resume(chat: ChatName): Promise<boolean>
  /** Since when the chat is paused, on Redis's clock; undefined where it is not. */
  sinceMs(chat: ChatName): Promise<number | undefined>
}

/** The pauses under `keys`; `take.lua` looks at them. */
export function createChatPauses(options: { redis: RedisClient; keys: Keys }): ChatPauses {
  const { redis, keys } = options
  const paused = (chat: ChatName) => keys.ofChat(chat, 'paused')
  return {
    async pause(chat) {
      const [seconds] = await redis.time()
      return (await redis.set(paused(chat), Number(seconds) * 1000, 'NX')) === 'OK'
    },
    resume: async (chat) => (await redis.del(paused(chat))) === 1,
    async sinceMs(chat) {
      const since = await redis.get(paused(chat))
      return since === null ? undefined : Number(since)
    },
  }
}
