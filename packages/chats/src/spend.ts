/** What a bot has spent today, so that a day's budget can be kept. */
import type { RedisClient } from '@chatlane/runtime'

const KEPT_SECONDS = 3 * 24 * 3600

/** The spend of one bot, in US dollars by UTC day. */
export interface Spend {
  todayUsd(): Promise<number>
  add(usd: number): Promise<void>
}

/** The spend under `keyPrefix`, which belongs to one bot. `now` answers the time in ms. */
export function createSpend(options: { redis: RedisClient; keyPrefix: string; now?: () => number }): Spend {
  const { redis, keyPrefix, now = Date.now } = options
  const key = () => `${keyPrefix}:spend:${new Date(now()).toISOString().slice(0, 10)}`
  return {
    todayUsd: async () => Number((await redis.get(key())) ?? 0),
    async add(usd) {
      const today = key()
      await redis.incrbyfloat(today, usd)
      await redis.expire(today, KEPT_SECONDS)
    },
  }
}
