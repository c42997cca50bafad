/** Bounds how many requests are under way at OpenRouter at once, over all workers, in the order of asking. */
import { randomBytes } from 'node:crypto'
import { type Log, loadScript, type RedisClient, type Running, sleep } from '@chatlane/runtime'

const takeScript = loadScript(new URL('./lua/slot-take.lua', import.meta.url))
const giveScript = loadScript(new URL('./lua/slot-give.lua', import.meta.url))
const keepScript = loadScript(new URL('./lua/slots-keep.lua', import.meta.url))

/** A slot that is held; leases are prolonged until it is given back. */
export interface Slot {
  kind: 'held'
  /** To be called once, whatever became of the request. What goes wrong is logged: the lease ends by itself. */
  give(): Promise<void>
}

/** Gives out the slots of an installation. */
export interface Governor extends Running {
  /** Waits for a slot. `aborted`: the caller's signal ended the wait. `full`: there was none for too long. */
  acquire(signal?: AbortSignal): Promise<Slot | { kind: 'aborted' } | { kind: 'full' }>
}

/** What a killed worker held is free after so long. */
const LEASE_MS = 10_000
/** A process prolongs its leases, and looks whether a hint was lost, so often. */
const KEEP_EVERY_MS = 2000
/** Nobody waits longer before being told. */
const LONGEST_WAIT_MS = 30_000

/** The slots under `key`, `most` at once. Must be stopped: it listens on a connection of its own. */
export async function openGovernor(options: {
  redis: RedisClient
  key: string
  most: number
  log: Log
  leaseMs?: number
  keepEveryMs?: number
  longestWaitMs?: number
}): Promise<Governor> {
  const { redis, key, most, log, leaseMs = LEASE_MS, longestWaitMs = LONGEST_WAIT_MS } = options
  const name = randomBytes(6).toString('base64url')
  const held = new Set<string>()
  const waiting = new Map<string, () => void>()
  let number = 0
  const warn = (error: unknown) => log.warn({ err: error }, 'the slots of OpenRouter')

  const keep = async () => {
    if (held.size + waiting.size === 0) return
    const args = [most, leaseMs, held.size, ...held, ...waiting.keys()]
    for (const id of (await keepScript(redis, [key], args)) as string[]) waiting.get(id)?.()
  }
  const timer = setInterval(() => void keep().catch(warn), options.keepEveryMs ?? KEEP_EVERY_MS)
  const listener = redis.duplicate()
  // An outage is told by the connection that this one was made from.
  listener.on('error', () => undefined)
  listener.on('message', (_channel: string, id: string) => waiting.get(id)?.())
  await listener.subscribe(`${key}:free`)

  const give = async (id: string) => {
    held.delete(id)
    await giveScript(redis, [key], [id, most]).catch(warn)
  }
  return {
    async acquire(signal) {
      const id = `${name}.${number++}`
      const endsAt = performance.now() + longestWaitMs
      try {
        for (
          let leftMs = longestWaitMs;
          leftMs > 0 && !signal?.aborted;
          leftMs = endsAt - performance.now()
        ) {
          const told = new AbortController()
          // Before it asks: a hint may come before the answer.
          waiting.set(id, () => told.abort())
          if ((await takeScript(redis, [key], [id, most, leaseMs])) === 1) {
            held.add(id)
            break
          }
          await sleep(leftMs, signal ? AbortSignal.any([told.signal, signal]) : told.signal)
        }
      } finally {
        waiting.delete(id)
      }
      if (held.has(id) && !signal?.aborted) return { kind: 'held', give: () => give(id) }
      await give(id)
      return { kind: signal?.aborted ? 'aborted' : 'full' }
    },
    async stop() {
      clearInterval(timer)
      listener.disconnect()
    },
  }
}
