/** A connection to Redis for as long as a command needs it. */
import { closeRedis, connectRedis, createLog, type RedisClient, sleep } from '@chatlane/runtime'
import { UsageError } from './usage-error.ts'

/** A Redis that does not answer for so long is none: a command must not hang in silence. */
const ANSWERS_WITHIN_MS = 10_000

/**
 * Runs `use` with a connection to `url`, which ends with it. Throws a UsageError where that Redis does not answer
 * within `answersWithinMs` (10 s); `named` is what the user gave the address as.
 */
export async function withRedis<T>(
  at: { url: string; named: string; answersWithinMs?: number },
  use: (redis: RedisClient) => Promise<T>,
): Promise<T> {
  const { url, named, answersWithinMs = ANSWERS_WITHIN_MS } = at
  const log = createLog({ service: 'command', level: 'silent' })
  const redis = connectRedis({ url, patience: 'patient', log })
  try {
    if (!(await answers(redis, answersWithinMs))) throw new UsageError(`${named}: Redis does not answer`)
    return await use(redis)
  } finally {
    await closeRedis(redis)
  }
}

async function answers(redis: RedisClient, withinMs: number): Promise<boolean> {
  const decided = new AbortController()
  const isThere = redis.ping().then(
    () => true,
    () => false,
  )
  const answer = await Promise.race([isThere, sleep(withinMs, decided.signal).then(() => false)])
  decided.abort()
  return answer
}
