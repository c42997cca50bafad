/** What the breakers and the governor are doing, for whoever is on call. */
import type { RedisClient } from '@chatlane/runtime'

/** The state of an installation's guards. */
export interface GuardLoad {
  slotsInUse: number
  slotsWaiting: number
  /** What is not asked: `account`, `model:<id>`, or `pause` while OpenRouter's own limit is waited out. */
  open: string[]
}

/** The keys of the guards, by the installation's key of that name. */
export const GUARD_KEYS = { breakers: 'breakers', slots: 'slots' } as const

/** Reads it. `keyOf`: the key of a guard. */
export async function readGuardLoad(redis: RedisClient, keyOf: (name: string) => string): Promise<GuardLoad> {
  const [seconds] = await redis.time()
  const nowMs = Number(seconds) * 1000
  const slots = keyOf(GUARD_KEYS.slots)
  const [slotsInUse, slotsWaiting, open] = await Promise.all([
    redis.zcount(`${slots}:held`, nowMs, '+inf'),
    redis.zcount(`${slots}:here`, nowMs, '+inf'),
    redis.zrange(`${keyOf(GUARD_KEYS.breakers)}:open`, nowMs, '+inf', 'BYSCORE'),
  ])
  return { slotsInUse, slotsWaiting, open }
}
