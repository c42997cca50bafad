/** One process at a time does a chore; another takes over when it dies. */
import { randomBytes } from 'node:crypto'
import { type Log, type RedisClient, type Running, sleep } from '@chatlane/runtime'

/** How long a dead leader's lease lasts. */
export const LEADER_LEASE_MS = 5000

/**
 * Tries every `everyMs` to be the holder of `key`, and while it is, does `chore` once each time. An aborted `signal`
 * asks the chore to end. Errors of a chore are logged and the next round tries again.
 */
export function lead(options: {
  redis: RedisClient
  key: string
  everyMs: number
  chore: (signal: AbortSignal) => Promise<void>
  log: Log
}): Running {
  const { redis, key, everyMs, chore, log } = options
  const token = randomBytes(9).toString('base64url')
  const stop = new AbortController()
  const round = async () => {
    const lease = holdLease({ redis, key, token })
    if (!(await lease.acquire())) return
    const renewal = setInterval(() => void lease.acquire().catch(() => undefined), LEADER_LEASE_MS / 3)
    try {
      await chore(stop.signal)
    } finally {
      clearInterval(renewal)
    }
  }
  const ended = (async () => {
    while (!stop.signal.aborted) {
      await round().catch((error) => log.warn({ err: error, chore: key }, 'a chore failed'))
      await sleep(everyMs, stop.signal)
    }
    await holdLease({ redis, key, token }).release()
  })()
  return {
    async stop() {
      stop.abort()
      await ended.catch((error) => log.warn({ err: error, chore: key }, 'a lease was not given up'))
    },
  }
}

/** A lease on `key` that only the holder of `token` prolongs or gives up. */
export function holdLease(options: { redis: RedisClient; key: string; token: string; leaseMs?: number }) {
  const { redis, key, token, leaseMs = LEADER_LEASE_MS } = options
  const prolong = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return 1 end
return 0`
  const giveUp = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0`
  return {
    /** Takes or prolongs the lease; false where another holds it. */
    acquire: async () => (await redis.eval(prolong, 1, key, token, leaseMs)) === 1,
    release: async () => void (await redis.eval(giveUp, 1, key, token)),
  }
}
