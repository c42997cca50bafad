/** The BullMQ queues: wake-ups of lanes (queries apart), wake-ups of pumps, broadcasts, dead letters. */
import { durableStep, type RedisClient } from '@chatlane/runtime'
import { Queue } from 'bullmq'
import { markJob } from './format.ts'
import { isQueryLane, type Keys, type LaneName, laneText } from './names.ts'

/** The names of the queues, as Bull Board shows them. */
export const QUEUE_NAMES = {
  inbox: 'inbox',
  queries: 'queries',
  outbox: 'outbox',
  broadcasts: 'broadcasts',
  deadLetters: 'dead-letters',
} as const

/** How the wake-ups of a process that died are taken over. The contract's 20 s bound the times. */
export const WAKE_TAKEOVER = {
  /** The lock of a dead process lasts so long, … */
  lockDuration: 8000,
  /** … and is looked for so often, in ms. */
  stalledInterval: 4000,
  // A wake-up says nothing but "there is work": it may stall as often as it likes; the lane counts the tries.
  maxStalledCount: 1_000_000,
} as const

/** How many ended wake-ups Bull Board can show. */
const KEPT_ENDED = 200

/** The wake-ups that any part may make. */
export interface Wakes {
  /** Says that the lane has work. Repeating it is free; a wake of a lane in progress runs after it. */
  wakeLane(lane: LaneName): Promise<void>
  wakeLanes(lanes: readonly LaneName[]): Promise<void>
  /** Says that the bot has deliveries and no pump. `force` adds a job although a dead sender's may still be active. */
  wakePump(botId: string, options?: { force: boolean }): Promise<void>
  /** The queue of wake-ups of shard `n`, for counting; without those of queries. */
  inbox(n: number): Queue
  /** The wake-ups of lanes of queries of shard `n`. */
  queries(n: number): Queue
  outbox: Queue
  close(): Promise<void>
}

/** The queues over one connection, which the caller closes. */
export function createWakes(options: {
  redis: RedisClient
  keys: Keys
  onError: (error: Error) => void
}): Wakes {
  const { redis, keys } = options
  const open = (name: string, n: number) =>
    openQueue({ redis, prefix: keys.shard(n), name, keepFailed: KEPT_ENDED, onError: options.onError })
  const inboxes = Array.from({ length: keys.shards }, (_, n) => open(QUEUE_NAMES.inbox, n))
  const outbox = open(QUEUE_NAMES.outbox, 0)
  const queries = Array.from({ length: keys.shards }, (_, n) => open(QUEUE_NAMES.queries, n))
  const ofShard = (queues: readonly Queue[], n: number) => {
    const queue = queues[n]
    if (!queue) throw new Error(`there is no shard ${n}`)
    return queue
  }
  const queueOf = (lane: LaneName) => ofShard(isQueryLane(lane) ? queries : inboxes, keys.shardOf(lane))
  return {
    inbox: (n) => ofShard(inboxes, n),
    queries: (n) => ofShard(queries, n),
    outbox,
    async wakeLane(lane) {
      const text = laneText(lane)
      await durableStep('wake-lane', () =>
        queueOf(lane).add('wake', markJob({ lane: text }), wakeOptions(text)),
      )
    },
    async wakeLanes(lanes) {
      for (const [queue, ofQueue] of Map.groupBy(lanes, queueOf)) {
        const wakes = ofQueue
          .map(laneText)
          .map((lane) => ({ name: 'wake', data: markJob({ lane }), opts: wakeOptions(lane) }))
        await durableStep('wake-lanes', () => queue.addBulk(wakes))
      }
    },
    async wakePump(botId, { force } = { force: false }) {
      await durableStep('wake-pump', () =>
        outbox.add('pump', markJob({ bot: botId }), force ? {} : wakeOptions(botId)),
      )
    },
    async close() {
      await Promise.all([...inboxes, ...queries, outbox].map((queue) => queue.close()))
    },
  }
}

/** No job id: an added id that is still active would be ignored, and the wake-up lost. */
function wakeOptions(id: string) {
  return { deduplication: { id, keepLastIfActive: true } }
}

/** A queue as all of ours are: ended jobs are few, its event stream short. `keepFailed`: how many failed jobs stay. */
export function openQueue(options: {
  redis: RedisClient
  prefix: string
  name: string
  keepFailed: number | 'all'
  onError: (error: Error) => void
}): Queue {
  const queue = new Queue(options.name, {
    connection: options.redis,
    prefix: options.prefix,
    defaultJobOptions: {
      removeOnComplete: { count: KEPT_ENDED },
      removeOnFail: options.keepFailed === 'all' ? false : { count: options.keepFailed },
    },
    streams: { events: { maxLen: 1000 } },
  })
  queue.on('error', options.onError)
  return queue
}
