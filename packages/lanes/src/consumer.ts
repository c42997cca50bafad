/** Takes turns: a BullMQ worker per shard whose jobs only name a lane; the truth is in the lane. */
import { durableStep, type RedisClient, type Running, sleep } from '@chatlane/runtime'
import type { Job, Worker } from 'bullmq'
import { type JobWorker, openJobWorker } from './job-worker.ts'
import type { Keys } from './names.ts'
import { QUEUE_NAMES, WAKE_TAKEOVER } from './queues.ts'
import { Slots } from './slots.ts'
import { type VisitParts, visitLane } from './visit-lane.ts'

/** What a consumer needs. */
export interface ConsumerParts extends VisitParts {
  redis: RedisClient
  keys: Keys
  /** Turns in progress at once. */
  concurrency: number
  /** How long a stopping process lets turns in progress end before their signal aborts (15 s). */
  finishMs?: number
}

const FINISH_MS = 15_000
/** So many turns for each slot may rest in a process: each holds its updates and its handler's memory. */
const MOST_RESTING = 10

/** A running consumer. */
export interface Consumer extends Running {
  /** Turns that this process is answering now. */
  turnsInProgress(): number
}

/** Starts taking turns of every shard. `stop` takes no new ones, lets those in progress end, hands back the rest. */
export function consumeInboxes(parts: ConsumerParts): Consumer {
  let inProgress = 0
  const counted: ConsumerParts = {
    ...parts,
    async answer(turn) {
      inProgress++
      try {
        return await parts.answer(turn)
      } finally {
        inProgress--
      }
    },
  }
  const draining = new AbortController()
  const stopping = new AbortController()
  const workers: JobWorker[] = []
  const pools: Slots[] = []
  // Queries have slots of their own: who tapped a button does not wait for replies to end.
  for (const name of [QUEUE_NAMES.inbox, QUEUE_NAMES.queries]) {
    const slots = new Slots(parts.concurrency)
    pools.push(slots)
    for (let n = 0; n < parts.keys.shards; n++) {
      workers.push(
        serveShard(counted, { name, n, slots, draining: draining.signal, stopping: stopping.signal }),
      )
    }
  }
  return {
    turnsInProgress: () => inProgress,
    async stop() {
      draining.abort()
      for (const slots of pools) slots.open()
      const bound = setTimeout(() => stopping.abort(), parts.finishMs ?? FINISH_MS)
      await Promise.all(workers.map((worker) => worker.stop())).finally(() => clearTimeout(bound))
    },
  }
}

interface Shard {
  name: string
  n: number
  slots: Slots
  draining: AbortSignal
  stopping: AbortSignal
}

/** Serves one queue of wake-ups of one shard. */
function serveShard(parts: ConsumerParts, { name, n, slots, draining, stopping }: Shard): JobWorker {
  let visits = 0
  let asleep = 0
  let resting = 0
  /** A lane that waits holds its job but no slot: another lane is taken in its stead. */
  const lend = async (wait: Promise<unknown>) => {
    slots.release()
    const isFull = visits >= worker.concurrency
    worker.concurrency = parts.concurrency + ++asleep
    if (isFull) lookAgain(worker)
    await wait
    worker.concurrency = parts.concurrency + --asleep
  }
  const pause = async (ms: number) => {
    if (draining.aborted) return
    await lend(sleep(ms, draining))
    await slots.acquire()
  }
  const rest = async (wait: Promise<void>) => {
    if (draining.aborted || resting >= MOST_RESTING * parts.concurrency) return
    resting++
    await lend(wait)
    resting--
    slots.take()
  }
  const visit = async (job: Job<{ lane: string }>) => {
    visits++
    await slots.acquire()
    try {
      return await durableStep('visit-lane', () =>
        visitLane({ ...parts, job, pause, rest, draining, stopping }),
      )
    } finally {
      slots.release()
      visits--
    }
  }
  const served = openWorker(parts, { name, n }, visit)
  const { worker } = served
  return served
}

/**
 * A worker whose jobs are as many as its concurrency looks at a raised concurrency only when one of them ends. Resuming
 * is what makes it look at once; the pause has no length.
 */
function lookAgain(worker: Worker): void {
  worker.pause(true).catch((error) => worker.emit('error', error))
  void worker.resume()
}

function openWorker(
  parts: ConsumerParts,
  { name, n }: Pick<Shard, 'name' | 'n'>,
  visit: (job: Job<{ lane: string }>) => Promise<unknown>,
): JobWorker {
  const served = openJobWorker(name, visit, {
    connection: parts.redis,
    prefix: parts.keys.shard(n),
    concurrency: parts.concurrency,
    ...WAKE_TAKEOVER,
    log: parts.log,
  })
  served.worker.on('failed', (job, error) =>
    parts.log.error(
      { err: error, lane: job?.data.lane },
      'a visit broke off; the sweeper wakes the lane again',
    ),
  )
  return served
}
