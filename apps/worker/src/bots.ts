/** What the worker knows of each bot: its token and who it is on Telegram. */
import type { Keys } from '@chatlane/lanes'
import type { RedisClient } from '@chatlane/runtime'
import type { BotApi } from '@chatlane/telegram'
import type { UserFromGetMe } from 'telegraf/types'

/** Telegram did not say who the bot is. */
export class UnknownBotError extends Error {
  readonly code = 'UNKNOWN_BOT'
}

/** The bots of this worker. */
export interface Bots {
  token(botId: string): string
  /** Who the bot is, asked once and kept in Redis for a day. Rejects with an UnknownBotError where Telegram won't say. */
  identity(botId: string): Promise<UserFromGetMe>
}

const KEPT_SECONDS = 24 * 3600

/** Bots by their ids. */
export function createBots(options: {
  redis: RedisClient
  keys: Keys
  api: BotApi
  tokens: ReadonlyMap<string, string>
}): Bots {
  const { redis, keys, api, tokens } = options
  // Promises: turns that begin together ask together.
  const known = new Map<string, Promise<UserFromGetMe>>()
  const token = (botId: string) => {
    const found = tokens.get(botId)
    if (!found) throw new UnknownBotError(`no token for the bot ${botId}`)
    return found
  }
  const learn = async (botId: string) => {
    const key = `${keys.bot(botId)}:me`
    const kept = await redis.get(key)
    if (kept) return JSON.parse(kept) as UserFromGetMe
    const identity = await ask(api, token(botId))
    await redis.set(key, JSON.stringify(identity), 'EX', KEPT_SECONDS)
    return identity
  }
  return {
    token,
    identity(botId) {
      const already = known.get(botId)
      if (already) return already
      const learning = learn(botId)
      known.set(botId, learning)
      learning.catch(() => known.delete(botId))
      return learning
    },
  }
}

async function ask(api: BotApi, token: string): Promise<UserFromGetMe> {
  const outcome = await api.call<UserFromGetMe>(token, 'getMe', {})
  if (outcome.kind !== 'ok') throw new UnknownBotError(`getMe came to ${outcome.kind}`)
  return outcome.result
}
