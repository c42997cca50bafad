/** One process at a time does a chore; another takes over when it dies. */
import { randomBytes } from 'node:crypto'
import { type Log, type RedisClient, type Running, sleep } from '@chatlane/runtime'
import { scripts } from './scripts.ts'

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
  /** How long the lease of a leader that died lasts. */
  leaseMs?: number
}): Running {
  const { redis, key, everyMs, chore, log, leaseMs = LEADER_LEASE_MS } = options
  const token = randomBytes(9).toString('base64url')
  const stop = new AbortController()
  const lease = holdLease({ redis, key, token, leaseMs })
  const round = async () => {
    if (!(await lease.acquire())) return
    const renewal = setInterval(() => void lease.acquire().catch(() => undefined), leaseMs / 3)
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
    await lease.release()
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
  return {
    /** Takes or prolongs the lease; false where another holds it. */
    acquire: async () => (await scripts.holdLease(redis, [key], [token, leaseMs])) === 1,
    release: async () => void (await scripts.releaseLease(redis, [key], [token])),
  }
}
