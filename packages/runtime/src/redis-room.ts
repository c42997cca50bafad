/** How much of Redis is used. */
import type { RedisClient } from './redis-connection.ts'

/** The memory of a Redis, in bytes. */
export interface RedisRoom {
  usedBytes: number
  /** `maxmemory`; 0 where it has none. */
  limitBytes: number
}

/** Asks the Redis; of a Cluster the node that answers. Rejects where it refuses; waits where it is away. */
export async function askRedisRoom(redis: Pick<RedisClient, 'info'>): Promise<RedisRoom> {
  const info = String(await redis.info('memory'))
  const bytes = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1] ?? 0)
  return { usedBytes: bytes('used_memory'), limitBytes: bytes('maxmemory') }
}
