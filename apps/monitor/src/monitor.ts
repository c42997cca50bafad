/** Starts the monitor as a whole: Redis, the queues, the server. */
import {
  createAudience,
  createBroadcastJobs,
  createBroadcasts,
  createDeadLetters,
  createKeys,
  createWakes,
} from '@chatlane/lanes'
import {
  closeRedis,
  connectRedis,
  type Log,
  type RedisClient,
  type Running,
  requireNoEviction,
  watchRedis,
} from '@chatlane/runtime'
import type { MonitorConfig } from './config.ts'
import { openOtherQueues } from './other-queues.ts'
import { createServer } from './server.ts'

/** A monitor that listens. */
export interface Monitor extends Running {
  /** `http://host:port` */
  address: string
}

/**
 * Waits for Redis, refuses one that may evict keys (EvictionError), then listens. Redis may go away later: the monitor
 * stays up and says so.
 */
export async function startMonitor(parts: { config: MonitorConfig; log: Log }): Promise<Monitor> {
  const redis = connectRedis({ url: parts.config.redisUrl, patience: 'patient', log: parts.log })
  try {
    await requireNoEviction(redis, parts.config.allowEviction)
    return await listen({ ...parts, redis })
  } catch (error) {
    await closeRedis(redis)
    throw error
  }
}

async function listen(parts: { config: MonitorConfig; log: Log; redis: RedisClient }): Promise<Monitor> {
  const { config, log, redis } = parts
  const keys = createKeys({ prefix: config.redisPrefix, shards: config.shards })
  const onError = (error: Error) => log.debug({ err: error }, 'the queues')
  const wakes = createWakes({ redis, keys, onError })
  const jobs = createBroadcastJobs({ redis, keys, onError })
  const broadcasts = createBroadcasts({ redis, keys, jobs })
  const deadLetters = createDeadLetters({ redis, keys, log })
  const others = openOtherQueues({ redis, queues: config.boardQueues, onError })
  const health = watchRedis({ redis })
  const server = await createServer({
    ...{ config, redis, keys, wakes, jobs, broadcasts, deadLetters, others, health, log },
    audience: createAudience({ redis, keys }),
  })
  const stop = async () => {
    await server.close()
    // A Redis that is frozen would not answer the farewell either.
    if (health.state() === 'away') redis.disconnect()
    health.stop()
    await Promise.all([wakes, jobs, deadLetters, ...others].map((queues) => queues.close()))
    await closeRedis(redis)
  }
  try {
    const address = await server.listen({ host: config.host, port: config.port })
    log.info({ address }, 'monitor listens')
    return { address, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
