/** Connections to Redis, and the one check that must pass before anything is trusted to it. */
import type { Socket } from 'node:net'
import { Cluster, Redis } from 'ioredis'
import { sleep } from './clock.ts'
import type { Log } from './log.ts'
import { readRedisAddress } from './redis-address.ts'

/** A client of one server, a Sentinel group or a Cluster. The commands are the same, so one type stands for all. */
export type RedisClient = Redis

/**
 * How a connection behaves while Redis is away: `patient` keeps commands until it is back (workers, senders),
 * `prompt` fails them at once (the gateway, which answers 503 instead of waiting).
 */
export type Patience = 'patient' | 'prompt'

/** A prompt connection gives up a command that has no answer after so long: a frozen Redis closes no connection. */
const PROMPT_MS = 2000

/** Connects to `url`. Errors of the connection are logged, one line per outage; commands decide for themselves. */
export function connectRedis(options: {
  url: string
  patience: Patience
  log: Log
  /** Sends the commands of one turn of the event loop together: fewer system calls, up to a turn later. */
  gatherWrites?: boolean
}): RedisClient {
  const address = readRedisAddress(options.url)
  const behaviour = {
    maxRetriesPerRequest: options.patience === 'patient' ? null : 0,
    enableOfflineQueue: options.patience === 'patient',
    autoResendUnfulfilledCommands: options.patience === 'patient',
    ...(options.patience === 'prompt' && { commandTimeout: PROMPT_MS }),
    retryStrategy: (times: number) => Math.min(50 * 2 ** Math.min(times, 6), 1000),
  }
  const client =
    address.kind === 'cluster'
      ? (new Cluster(address.nodes, {
          redisOptions: { ...address.options, ...behaviour },
          enableOfflineQueue: behaviour.enableOfflineQueue,
        }) as unknown as Redis)
      : new Redis({ ...address.options, ...behaviour })
  reportOutages(client, options.log)
  if (options.gatherWrites) client.on('connect', () => gatherWrites(client.stream))
  return client
}

function gatherWrites(stream: Pick<Socket, 'write' | 'cork' | 'uncork'>): void {
  const write = stream.write.bind(stream) as (...all: unknown[]) => boolean
  let isCorked = false
  stream.write = (...all: unknown[]) => {
    if (!isCorked) {
      isCorked = true
      stream.cork()
      setImmediate(() => {
        isCorked = false
        stream.uncork()
      })
    }
    return write(...all)
  }
}

function reportOutages(client: RedisClient, log: Log): void {
  let away = false
  client.on('error', (error: Error & { code?: string }) => {
    if (away) return
    away = true
    log.warn({ code: error.code, reason: error.message }, 'Redis is away')
  })
  client.on('ready', () => {
    if (away) log.info('Redis is back')
    away = false
  })
}

/** Why a Redis can't be used: it may drop keys when it is full. */
export class EvictionError extends Error {
  readonly code = 'REDIS_EVICTION'

  constructor(policy: string) {
    super(
      `REDIS_URL: found maxmemory-policy ${policy}, expected noeviction (set it in Redis, or REDIS_ALLOW_EVICTION=true to risk losing messages)`,
    )
    this.name = 'EvictionError'
  }
}

/** Waits until Redis answers and throws an EvictionError where it may evict keys, unless `allowEviction`. */
export async function requireNoEviction(client: RedisClient, allowEviction: boolean): Promise<void> {
  const policy = /maxmemory_policy:(\S+)/.exec(await client.info('memory'))?.[1] ?? 'noeviction'
  if (policy !== 'noeviction' && !allowEviction) throw new EvictionError(policy)
}

/** How long a Redis that does not answer may keep a connection from being closed. */
const QUIT_WITHIN_MS = 1000

/** Ends a connection: politely where Redis answers, at once where it does not. */
export async function closeRedis(client: RedisClient): Promise<void> {
  if (client.status !== 'ready') return client.disconnect()
  const answered = new AbortController()
  const quit = client.quit().then(
    () => true,
    () => false,
  )
  const isClosed = await Promise.race([quit, sleep(QUIT_WITHIN_MS, answered.signal).then(() => false)])
  answered.abort()
  if (!isClosed) client.disconnect()
}
