/** The Redis of a test process: one for all its bots, each with a prefix of its own. */
import { randomBytes } from 'node:crypto'
import { type RedisServer, startRedisServer } from '@chatlane/embedded-redis'
import { closeRedis, connectRedis, createLog, scanKeys } from '@chatlane/runtime'
import { givenRedisUrl } from './config.ts'

/** A bot's share of Redis. */
export interface BotRedis {
  url: string
  prefix: string
  /** Removes the bot's keys where the Redis is not the kit's own, whose keys end with it. */
  clear(): Promise<void>
}

const KEYS_AT_ONCE = 500

let own: Promise<RedisServer> | undefined

/** The Redis at REDIS_URL, else the one of this process, which the first call starts and which ends with the process. */
export async function openBotRedis(): Promise<BotRedis> {
  const prefix = `test-${randomBytes(6).toString('hex')}`
  const given = givenRedisUrl()
  if (given !== undefined) return { url: given, prefix, clear: () => clear(given, prefix) }
  own ??= startRedisServer({ endsWithProcess: true })
  const { url } = await own
  return { url, prefix, clear: async () => undefined }
}

async function clear(url: string, prefix: string): Promise<void> {
  const log = createLog({ service: 'test', level: 'silent' })
  const redis = connectRedis({ url, patience: 'patient', log })
  try {
    const keys = await scanKeys(redis, `${prefix}:*`)
    // One by one: in a Cluster they are in many slots.
    for (let at = 0; at < keys.length; at += KEYS_AT_ONCE)
      await Promise.all(keys.slice(at, at + KEYS_AT_ONCE).map((key) => redis.unlink(key)))
  } finally {
    await closeRedis(redis)
  }
}
