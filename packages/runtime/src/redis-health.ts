/** Watches whether Redis answers and whether it has room, so that a request need not ask. */
import { sleep } from './clock.ts'
import type { RedisClient } from './redis-connection.ts'
import { askRedisRoom, type RedisRoom } from './redis-room.ts'

/** Admission stops when this share of maxmemory is used, so that what waits can still drain (design, rule 9). */
export const FULL_SHARE = 0.8

/** What is known of Redis now: `away` (no answer), `full` (over the share), or `ready`. */
export type RedisState = 'away' | 'full' | 'ready'

/** A watch over one Redis. */
export interface RedisHealth {
  state(): RedisState
  /** Asks now, waiting at most a second. */
  ask(): Promise<RedisState>
  stop(): void
}

/** Asks Redis every `intervalMs` (500). A connection that is not ready is `away` at once. */
export function watchRedis(options: {
  redis: RedisClient
  intervalMs?: number
  fullShare?: number
}): RedisHealth {
  const { redis, intervalMs = 500, fullShare = FULL_SHARE } = options
  let state: RedisState = redis.status === 'ready' ? 'ready' : 'away'
  const ask = async (): Promise<RedisState> => {
    const stop = new AbortController()
    const asked = redis.status === 'ready' ? askRedisRoom(redis).catch(() => undefined) : undefined
    const room = await Promise.race([asked, sleep(1000, stop.signal)])
    stop.abort()
    state = !room ? 'away' : isFull(room, fullShare) ? 'full' : 'ready'
    return state
  }
  const timer = setInterval(() => void ask(), intervalMs)
  return {
    state: () => (redis.status === 'ready' ? state : 'away'),
    ask,
    stop: () => clearInterval(timer),
  }
}

function isFull({ usedBytes, limitBytes }: RedisRoom, fullShare: number): boolean {
  return limitBytes > 0 && usedBytes > limitBytes * fullShare
}
