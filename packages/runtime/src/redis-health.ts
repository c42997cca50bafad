/** Watches whether Redis answers and whether it has room, so that a request need not ask. */
import { sleep } from './clock.ts'
import type { RedisClient } from './redis-connection.ts'

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
    const info =
      redis.status === 'ready' ? redis.info('memory').catch(() => undefined) : Promise.resolve(undefined)
    const text = await Promise.race([info, sleep(1000, stop.signal)])
    stop.abort()
    state = text === undefined ? 'away' : isFull(String(text), fullShare) ? 'full' : 'ready'
    return state
  }
  const timer = setInterval(() => void ask(), intervalMs)
  return {
    state: () => (redis.status === 'ready' ? state : 'away'),
    ask,
    stop: () => clearInterval(timer),
  }
}

function isFull(info: string, fullShare: number): boolean {
  const used = Number(/used_memory:(\d+)/.exec(info)?.[1] ?? 0)
  const most = Number(/maxmemory:(\d+)/.exec(info)?.[1] ?? 0)
  return most > 0 && used > most * fullShare
}
