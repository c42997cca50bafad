/** A connection to the run's Redis and a key prefix of the test's own. */
import { randomBytes } from 'node:crypto'
import { Redis } from 'ioredis'
import { inject, onTestFinished } from 'vitest'

/** What a test gets of Redis. */
export interface TestRedis {
  url: string
  /** Connected; closed when the test ends. */
  redis: Redis
  /** Unique to the test; its keys are removed when the test ends. */
  prefix: string
  /** Another connection, closed when the test ends. */
  connect(): Redis
}

/** Call inside a test. */
export function openTestRedis(): TestRedis {
  const url = inject('redisUrl')
  const prefix = `t-${randomBytes(6).toString('hex')}`
  const connections: Redis[] = []
  const connect = () => {
    const redis = new Redis(url, { maxRetriesPerRequest: null })
    connections.push(redis)
    return redis
  }
  const redis = connect()
  onTestFinished(async () => {
    await removeKeys(redis, prefix)
    for (const connection of connections) connection.disconnect()
  })
  return { url, redis, prefix, connect }
}

async function removeKeys(redis: Redis, prefix: string): Promise<void> {
  for await (const keys of redis.scanStream({ match: `${prefix}:*`, count: 1000 })) {
    if ((keys as string[]).length > 0) await redis.unlink(...(keys as string[]))
  }
}
