/** A Redis of the test's own, kept in an append-only file, that is killed and comes back. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startRedisServer } from '@chatlane/embedded-redis'
import { type TestRedis, until } from '@chatlane/test-kit'
import { Redis } from 'ioredis'
import { onTestFinished } from 'vitest'

/** A Redis for one test. */
export interface OwnRedis extends TestRedis {
  /** Where its file is. */
  folder: string
  /** kill -9. */
  kill(): Promise<void>
  /** Starts it again, with what its file holds, at the same port. */
  start(): Promise<void>
  /** SIGSTOP: it holds every connection, and answers nothing. */
  freeze(): void
  /** Kills and starts it; the next call waits until it is there again. `meanwhile` runs while it is away. */
  restart(meanwhile?: () => void): Promise<void>
}

/** Starts it as the embedded one is started (AOF, fsync every second); it ends with the test. */
export async function openOwnRedis(): Promise<OwnRedis> {
  const dataDir = mkdtempSync(join(tmpdir(), 'chatlane-redis-'))
  let server = await startRedisServer({ dataDir, endsWithProcess: true })
  const { url } = server
  const connections: Redis[] = []
  const connect = () => {
    const redis = new Redis(url, { maxRetriesPerRequest: null })
    // While it is killed, connections fail: they come back by themselves.
    redis.on('error', () => undefined)
    connections.push(redis)
    return redis
  }
  const pid = () => {
    const [own] = readFileSync(join(dataDir, 'redis.pid'), 'utf8').split(' ').map(Number)
    if (!own) throw new Error('this Redis has no process of its own: a redis-server on the PATH is needed')
    return own
  }
  const kill = async () => {
    const killed = pid()
    process.kill(killed, 'SIGKILL')
    await until(() => !isAlive(killed))
  }
  const start = async () => {
    server = await startRedisServer({ dataDir, endsWithProcess: true, args: ['--port', new URL(url).port] })
  }
  let restarted = Promise.resolve()
  onTestFinished(async () => {
    for (const connection of connections) connection.disconnect()
    await kill().catch(() => undefined)
    await server.stop()
    rmSync(dataDir, { recursive: true, force: true })
  })
  return {
    url,
    redis: connect(),
    prefix: 'own',
    folder: dataDir,
    connect,
    kill,
    start,
    freeze: () => void process.kill(pid(), 'SIGSTOP'),
    restart(meanwhile) {
      // Rounds of the chaos suite overlap: what is on its way up has no process to kill yet.
      restarted = restarted.then(async () => {
        await kill()
        meanwhile?.()
        await start()
      })
      return restarted
    },
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
