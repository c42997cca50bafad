/** Counts what is in the lanes now, for metrics and for whoever is on call. */
import type { RedisClient } from '@chatlane/runtime'
import type { Keys } from './names.ts'

/** The state of all lanes together. */
export interface Census {
  lanesWaiting: number
  turnsInProgress: number
  /** Age of the oldest item that waits or is in progress, 0 without any. */
  oldestUpdateSeconds: number
  chatsWithDeliveries: number
}

/** Counts over all shards; on a Cluster the shards are counted one after the other. */
export async function takeCensus(redis: RedisClient, keys: Keys): Promise<Census> {
  const [seconds, micros] = await redis.time()
  const nowSeconds = Number(seconds) + Number(micros) / 1e6
  const counted = await Promise.all(
    Array.from({ length: keys.shards }, async (_, n) => ({
      lanes: await redis.zcard(keys.ofShard(n, 'dirty')),
      turns: await redis.zcard(keys.ofShard(n, 'turns')),
      oldest: await redis.zrange(keys.ofShard(n, 'dirty'), '0', '0', 'WITHSCORES'),
      out: await redis.zcard(keys.ofShard(n, 'outdirty')),
    })),
  )
  const sum = (pick: (shard: (typeof counted)[number]) => number) =>
    counted.reduce((total, shard) => total + pick(shard), 0)
  const oldestMs = Math.min(...counted.map((shard) => Number(shard.oldest[1] ?? Number.POSITIVE_INFINITY)))
  return {
    lanesWaiting: sum((shard) => shard.lanes),
    turnsInProgress: sum((shard) => shard.turns),
    oldestUpdateSeconds: Number.isFinite(oldestMs) ? Math.max(0, nowSeconds - oldestMs / 1000) : 0,
    chatsWithDeliveries: sum((shard) => shard.out),
  }
}
