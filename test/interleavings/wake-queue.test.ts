import { openTestRedis } from '@chatlane/test-kit'
import { type Job, Queue, Worker } from 'bullmq'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  addWake,
  emptyQueue,
  fetchWake,
  finishWake,
  removeWake,
  stallWake,
  type WakeQueue,
} from './wake-queue.ts'

const SERVERS = 2
const ID = 'lane'
const LOCK_MS = 60_000

/** BullMQ's own queue, asked to do what the model does. */
async function openBullQueue(name: string) {
  const { redis, prefix } = openTestRedis()
  const queue = new Queue(name, { connection: redis, prefix })
  const worker = new Worker(name, undefined, {
    connection: redis,
    prefix,
    autorun: false,
    lockDuration: LOCK_MS,
  })
  await Promise.all([queue.waitUntilReady(), worker.waitUntilReady()])
  const active: (Job | undefined)[] = Array.from({ length: SERVERS }, () => undefined)
  const key = (of: string) => `${prefix}:${name}:${of}`
  const oldest = async () => (await redis.lrange(key('wait'), -1, -1))[0]
  return {
    add: (force: boolean) =>
      queue.add('wake', {}, force ? {} : { deduplication: { id: ID, keepLastIfActive: true } }),
    async fetch(server: number) {
      active[server] = await worker.getNextJob(`server-${server}`, { block: false })
    },
    async finish(server: number) {
      await active[server]?.moveToCompleted({}, `server-${server}`, false)
      active[server] = undefined
    },
    async stall(server: number) {
      await redis.del(`${key(active[server]?.id ?? '')}:lock`)
      const looking = worker as unknown as { moveStalledJobsToWait(): Promise<unknown> }
      // The first look marks what is active; the second moves what has no lock then.
      for (let look = 0; look < 2; look++) {
        await redis.del(key('stalled-check'))
        await looking.moveStalledJobsToWait()
      }
      active[server] = undefined
    },
    async remove() {
      await (await queue.getJob((await oldest()) ?? ''))?.remove()
    },
    async state(): Promise<WakeQueue> {
      const own = await redis.get(key(`de:${ID}`))
      const waiting = (await redis.lrange(key('wait'), 0, -1)).toReversed()
      return {
        waiting: waiting.map((job) => job === own),
        hasNext: (await redis.exists(key(`dn:${ID}`))) === 1,
        active: active.map((job) => (job ? { isOwn: job.id === own } : undefined)),
      }
    },
    async close() {
      await worker.close()
      await queue.close()
    },
  }
}

type OfQueue = { kind: 'add' | 'force' | 'remove' }
type OfServer = { kind: 'fetch' | 'finish' | 'stall'; server: number }
type Step = OfQueue | OfServer
const isOfServer = (step: Step): step is OfServer => 'server' in step

const STEPS: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constantFrom('add', 'add', 'force', 'remove') }),
    fc.record({
      kind: fc.constantFrom('fetch', 'fetch', 'finish', 'stall'),
      server: fc.integer({ min: 0, max: SERVERS - 1 }),
    }),
  ) as fc.Arbitrary<Step>,
  { maxLength: 25 },
)

/** The model's next state; undefined where the step can't be made. */
function modelled(queue: WakeQueue, step: Step): WakeQueue | undefined {
  if (!isOfServer(step)) {
    if (step.kind === 'remove') return removeWake(queue)
    return step.kind === 'add' ? addWake(queue) : addWake(queue, { force: true })
  }
  const { kind, server } = step
  const isBusy = queue.active[server] !== undefined
  if (kind === 'fetch') return isBusy ? undefined : fetchWake(queue, server)
  if (!isBusy) return undefined
  return kind === 'finish' ? finishWake(queue, server) : stallWake(queue, server)
}

test('the queue that is explored does what BullMQ does', async () => {
  let runs = 0
  await fc.assert(
    fc.asyncProperty(STEPS, async (steps) => {
      const real = await openBullQueue(`q${runs++}`)
      try {
        let queue = emptyQueue(SERVERS)
        for (const step of steps) {
          const next = modelled(queue, step)
          if (!next) continue
          queue = next
          if (isOfServer(step)) await real[step.kind](step.server)
          else await (step.kind === 'remove' ? real.remove() : real.add(step.kind === 'force'))
          expect(await real.state()).toEqual(queue)
        }
      } finally {
        await real.close()
      }
    }),
    { numRuns: 100, seed: 1 },
  )
}, 120_000)
