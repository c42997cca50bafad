/** A Redis of a test's own, for what the run's Redis must not suffer: to be full, to be away, to be a Cluster. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type RedisServer, startRedisServer } from '@chatlane/embedded-redis'
import { Redis, type RedisOptions } from 'ioredis'
import { onTestFinished } from 'vitest'

/** What a test gets of a server of its own. */
export interface TestServer {
  server: RedisServer
  /** Connected; closed when the test ends. */
  redis: Redis
}

/** Call inside a test. Starts redis-server with `args` and ends it with the test; stopping it before is allowed. */
export async function openTestServer(
  args: readonly string[] = [],
  connection: Pick<RedisOptions, 'maxRetriesPerRequest' | 'enableOfflineQueue' | 'retryStrategy'> = {},
): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'chatlane-redis-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const server = await startRedisServer({ args: ['--dir', folder, ...args] })
  onTestFinished(() => server.stop())
  const redis = new Redis(server.url, { maxRetriesPerRequest: null, ...connection })
  onTestFinished(() => redis.disconnect())
  redis.on('error', () => undefined)
  await new Promise((resolve) => redis.once('ready', resolve))
  return { server, redis }
}
