/** The BullMQ jobs of broadcasts: each moves one broadcast on and shows how far it is. A job holds no text. */
import type { RedisClient } from '@chatlane/runtime'
import type { Job, Queue } from 'bullmq'
import { markJob } from './format.ts'
import type { Keys } from './names.ts'
import { openQueue, QUEUE_NAMES } from './queues.ts'

/** What a job holds. */
export interface BroadcastJobData {
  bot: string
  broadcast: string
  total: number
}

/** A job of a broadcast. */
export type BroadcastJob = Job<BroadcastJobData>

/** The jobs of broadcasts of all bots, in one queue on shard 0. */
export interface BroadcastJobs {
  queue: Queue
  /** Makes the broadcast's job unless there is one that will run. */
  ensure(data: BroadcastJobData): Promise<void>
  close(): Promise<void>
}

/** How many ended broadcasts Bull Board can show. */
const KEPT_ENDED = 200
/** Such jobs will not run any more. */
const ENDED = ['completed', 'failed']

/** The jobs over one connection, which the caller closes. */
export function createBroadcastJobs(options: {
  redis: RedisClient
  keys: Keys
  onError: (error: Error) => void
}): BroadcastJobs {
  const { redis, keys, onError } = options
  const prefix = keys.shard(0)
  const queue = openQueue({ redis, prefix, name: QUEUE_NAMES.broadcasts, keepFailed: KEPT_ENDED, onError })
  return {
    queue,
    async ensure(data) {
      // The id keeps a broadcast from having two jobs; an ended one would keep it from having any.
      if (ENDED.includes(await queue.getJobState(data.broadcast))) await queue.remove(data.broadcast)
      await queue.add('broadcast', markJob(data), { jobId: data.broadcast })
    },
    close: () => queue.close(),
  }
}
