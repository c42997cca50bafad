/** How much waits in the lanes, of each bot and of all: what bounds what is taken in. */
import type { RedisClient } from '@chatlane/runtime'
import type { Keys } from './names.ts'

/** How many updates may wait. */
export interface BacklogBounds {
  ofAll: number
  ofBot: number
}

/** A watch over what waits. */
export interface Backlog {
  /** Whether nothing more of the bot is to be taken in for now. */
  isOver(botId: string): boolean
  /** Looks now. */
  look(): Promise<void>
  stop(): void
}

const EVERY_MS = 500

/**
 * Watches it, every half second: the bounds are crossed by what comes in that time. While Redis does not answer, what was
 * last known holds.
 */
export function watchBacklog(options: { redis: RedisClient; keys: Keys; bounds: BacklogBounds }): Backlog {
  const { redis, keys, bounds } = options
  let waiting = new Map<string, number>()
  let all = 0
  const look = async () => {
    waiting = await readBacklog(redis, keys)
    all = [...waiting.values()].reduce((sum, count) => sum + count, 0)
  }
  const timer = setInterval(() => void look().catch(() => undefined), EVERY_MS)
  return {
    isOver: (botId) => all >= bounds.ofAll || (waiting.get(botId) ?? 0) >= bounds.ofBot,
    look,
    stop: () => clearInterval(timer),
  }
}

/** The updates that wait or are being answered, by bot. */
export async function readBacklog(redis: RedisClient, keys: Keys): Promise<Map<string, number>> {
  const waiting = new Map<string, number>()
  const shards = Array.from({ length: keys.shards }, (_, n) => redis.hgetall(keys.ofShard(n, 'backlog')))
  for (const shard of await Promise.all(shards)) {
    for (const [botId, count] of Object.entries(shard))
      waiting.set(botId, (waiting.get(botId) ?? 0) + Number(count))
  }
  return waiting
}
