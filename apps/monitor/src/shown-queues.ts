/** Which queues Bull Board shows, and what their rows mean. */
import { type BroadcastJobs, type DeadLetters, type Keys, QUEUE_NAMES, type Wakes } from '@chatlane/lanes'
import type { Queue } from 'bullmq'

/** One queue as Bull Board shows it. */
export interface ShownQueue {
  queue: Queue
  /** Put before the queue's name so that it is unique over the shards; '' with one shard. */
  namePrefix: string
  displayName: string
  description: string
}

/** The board's heading cuts them after some eighty letters, so what matters is said first. */
const MEANINGS = {
  [QUEUE_NAMES.inbox]:
    'A job is a lane (a chat, or a topic of one) with updates to answer. It holds none of them: removing or retrying it does no harm.',
  [QUEUE_NAMES.queries]:
    'A job is a user whose taps and inline queries are to be answered. It holds none of them: removing or retrying it does no harm.',
  [QUEUE_NAMES.outbox]:
    'A job is a bot whose deliveries are being sent. It holds none of them: removing or retrying it does no harm.',
  [QUEUE_NAMES.broadcasts]:
    'A job is a broadcast; its progress tells whom it reached. It holds no text. Removing it stops nothing: pnpm broadcast stop does.',
  [QUEUE_NAMES.deadLetters]:
    'A failed job is an update or a delivery that was given up; retry replays it. Its contents are kept for 30 days and never shown here.',
} as const

const OF_OTHERS = 'A queue of another program in the same Redis. Its jobs are shown as they are.'

/**
 * The inbox and the dead letters of every shard; the outbox and the broadcasts, of which there is one; then what
 * others have in the same Redis.
 */
export function showQueues(parts: {
  keys: Keys
  wakes: Wakes
  jobs: BroadcastJobs
  deadLetters: DeadLetters
  others: readonly Queue[]
}): ShownQueue[] {
  const { keys, wakes, jobs, deadLetters, others } = parts
  const sharded = keys.shards > 1
  const show = (name: keyof typeof MEANINGS, queue: Queue, shard: number): ShownQueue => ({
    queue,
    namePrefix: sharded ? `s${shard}-` : '',
    displayName: sharded ? `${name} (shard ${shard})` : name,
    description: MEANINGS[name],
  })
  const showOne = (name: keyof typeof MEANINGS, queue: Queue): ShownQueue => ({
    ...show(name, queue, 0),
    namePrefix: '',
    displayName: name,
  })
  const showOther = (queue: Queue): ShownQueue => ({
    queue,
    // With the colon, which none of ours has, no name is one of ours.
    namePrefix: `${queue.opts.prefix}:`,
    displayName: queue.opts.prefix === 'bull' ? queue.name : `${queue.opts.prefix}:${queue.name}`,
    description: OF_OTHERS,
  })
  const shards = Array.from({ length: keys.shards }, (_, n) => n)
  return [
    ...shards.map((n) => show(QUEUE_NAMES.inbox, wakes.inbox(n), n)),
    ...shards.map((n) => show(QUEUE_NAMES.queries, wakes.queries(n), n)),
    // Pumps and broadcasts are the bots', not the shards': their one queue needs no number.
    showOne(QUEUE_NAMES.outbox, wakes.outbox),
    showOne(QUEUE_NAMES.broadcasts, jobs.queue),
    ...shards.map((n) => show(QUEUE_NAMES.deadLetters, deadLetters.queue(n), n)),
    ...others.map(showOther),
  ]
}
