/** Looks at Redis: whether it keeps what it is given, how fast it answers, and how much room it has. */
import { withRedis } from '@chatlane/command'
import { FULL_SHARE, type RedisClient } from '@chatlane/runtime'
import { advice, bad, type Finding, good } from './finding.ts'

/** Scripts declare their flags since then. */
const OLDEST_MAJOR = 7
const PINGS = 50
const SLOW_MS = 5
/** Below the share at which nothing new is taken in. */
const FILLING_SHARE = FULL_SHARE * 0.75
const ANSWERS_WITHIN_MS = 3000

/** What is found of the Redis at `url`. */
export async function checkRedis(
  url: string | undefined,
  options: { mayEvict: boolean },
): Promise<Finding[]> {
  if (url === undefined)
    return [
      advice(
        'REDIS_URL is not set: only `pnpm start` brings a Redis of its own',
        'set it for everything else',
      ),
    ]
  try {
    return await withRedis({ url, named: 'REDIS_URL', answersWithinMs: ANSWERS_WITHIN_MS }, (redis) =>
      examine(redis, options),
    )
  } catch (error) {
    return [bad((error as Error).message, 'start it, or mend the address, the password or the firewall')]
  }
}

async function examine(redis: RedisClient, { mayEvict }: { mayEvict: boolean }): Promise<Finding[]> {
  const latencyMs = await medianPingMs(redis)
  const info = String(await redis.info())
  const of = (field: string) => new RegExp(`^${field}:(.*?)\r?$`, 'm').exec(info)?.[1] ?? ''
  return [
    versionFinding(of),
    latencyFinding(latencyMs),
    evictionFinding(of('maxmemory_policy'), mayEvict),
    persistenceFinding(of),
    roomFinding(Number(of('used_memory')), Number(of('maxmemory'))),
  ]
}

type Field = (field: string) => string

function versionFinding(of: Field): Finding {
  const name = of('valkey_version') === '' ? `Redis ${of('redis_version')}` : `Valkey ${of('valkey_version')}`
  const isOld = Number.parseInt(of('redis_version'), 10) < OLDEST_MAJOR
  return isOld
    ? bad(`${name} is too old`, `run Redis ${OLDEST_MAJOR} or newer, or Valkey`)
    : good(`${name} answers`)
}

function latencyFinding(ms: number): Finding {
  const words = `a round trip to it takes ${ms.toFixed(1)} ms`
  return ms > SLOW_MS
    ? advice(`${words}: every update takes several`, 'run the services in the same zone as Redis')
    : good(words)
}

function evictionFinding(policy: string, mayEvict: boolean): Finding {
  if (policy === 'noeviction') return good('it evicts nothing (noeviction)')
  const what = `it may evict what is still needed (${policy})`
  const todo = 'set maxmemory-policy noeviction'
  return mayEvict ? advice(`${what}, as REDIS_ALLOW_EVICTION allows`, todo) : bad(what, todo)
}

function persistenceFinding(of: Field): Finding {
  if (of('aof_enabled') !== '1')
    return advice('it loses whatever waits when it restarts', 'set appendonly yes and appendfsync everysec')
  const isBroken = of('aof_last_write_status') === 'err' || of('aof_last_bgrewrite_status') === 'err'
  return isBroken
    ? bad('it could not write its append-only file', 'look at its log and at the room on its disk')
    : good('it keeps an append-only file')
}

function roomFinding(used: number, most: number): Finding {
  const megabytes = Math.ceil(used / 2 ** 20)
  if (most === 0)
    return advice(
      `it holds ${megabytes} MB and has no bound: a full machine kills it`,
      'set maxmemory to about three quarters of the memory of its machine',
    )
  const words = `it holds ${megabytes} of ${Math.floor(most / 2 ** 20)} MB`
  const todo = 'give it more memory, or shorten CONTEXT_TTL_SECONDS'
  if (used > most * FULL_SHARE) return bad(`${words}: no new updates are taken in`, todo)
  return used > most * FILLING_SHARE ? advice(`${words} and is filling up`, todo) : good(words)
}

async function medianPingMs(redis: RedisClient): Promise<number> {
  const times: number[] = []
  for (let n = 0; n < PINGS; n++) {
    const from = performance.now()
    await redis.ping()
    times.push(performance.now() - from)
  }
  return times.sort((one, other) => one - other)[PINGS >> 1] ?? Number.NaN
}
