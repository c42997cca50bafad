/** Opens queues of other programs, to look at them. */
import type { RedisClient } from '@chatlane/runtime'
import { Queue } from 'bullmq'

/** Each queue as it is, or empty where there is none; the caller closes them. Opening one changes nothing in Redis. */
export function openOtherQueues(options: {
  redis: RedisClient
  queues: readonly { prefix: string; name: string }[]
  onError: (error: Error) => void
}): Queue[] {
  const { redis, queues, onError } = options
  return queues.map(({ prefix, name }) => {
    // What the queue's own program has set (how many events it keeps) is not ours to overwrite.
    const queue = new Queue(name, { connection: redis, prefix, skipMetasUpdate: true })
    queue.on('error', onError)
    return queue
  })
}
