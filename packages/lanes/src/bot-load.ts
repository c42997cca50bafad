/** How a bot's pump stands with Telegram, for metrics and for whoever is on call. */
import type { RedisClient } from '@chatlane/runtime'
import type { Keys } from './names.ts'

/** One bot's line before Telegram. */
export interface BotLoad {
  /** Chats whose next call waits for its budget, or is under way. */
  chatsInLine: number
  /** For how long Telegram wants no calls of the bot at all; 0 for not at all. */
  pausedMs: number
  /** Its rate is lowered, because Telegram answered slowly or with 429. */
  isSlowed: boolean
}

/** Reads it. */
export async function readBotLoad(redis: RedisClient, keys: Keys, botId: string): Promise<BotLoad> {
  const base = keys.bot(botId)
  const [chatsInLine, pausedMs, rates] = await Promise.all([
    redis.hlen(`${base}:where`),
    redis.pttl(`${base}:pause`),
    redis.exists(`${base}:rate`),
  ])
  return { chatsInLine, pausedMs: Math.max(0, pausedMs), isSlowed: rates === 1 }
}
