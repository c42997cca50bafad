/** The dead letters of every chat: listed, looked at, retried as Bull Board does, or thrown away. */
import type { RedisClient } from '@chatlane/runtime'
import type { Job } from 'bullmq'
import { contentsKey, type DeadLetter, type DeadLetters, readContents } from './dead-letters.ts'
import { type KeptLetter, keptLetter } from './kept-letter.ts'
import type { Keys } from './names.ts'

/** Which letters are meant; what is undefined leaves all. */
export interface LetterFilter {
  botId?: string | undefined
  homeId?: string | undefined
  kind?: DeadLetter['kind'] | undefined
  /** A part of why it failed, in any case. */
  reason?: string | undefined
  /** Given up at this time or later, in ms. */
  sinceMs?: number | undefined
}

/** All dead letters. */
export interface Letters {
  /** Those that fit, the newest of each shard first. */
  all(filter: LetterFilter): AsyncGenerator<KeptLetter>
  find(jobId: string): Promise<KeptLetter | undefined>
  /** What it contains: the update or the delivery as JSON; undefined where it is no longer kept. */
  contents(letter: DeadLetter): Promise<string | undefined>
  /** Has a worker replay it. False where somebody else does so, or it is gone. */
  replay(letter: KeptLetter): Promise<boolean>
  /** Throws it away with its contents. False where it is being replayed, or gone. */
  drop(letter: KeptLetter): Promise<boolean>
}

const PAGE = 200

/** The letters of `deadLetters`. */
export function createLetters(options: {
  redis: RedisClient
  keys: Keys
  deadLetters: DeadLetters
}): Letters {
  const { redis, keys, deadLetters } = options
  const jobOf = (letter: KeptLetter): Promise<Job<DeadLetter> | undefined> =>
    deadLetters.queue(keys.shardOf(letter)).getJob(letter.jobId)
  return {
    async *all(filter) {
      for (let shard = 0; shard < keys.shards; shard++) {
        const queue = deadLetters.queue(shard)
        // All ids first: who replays or drops what it is given would shift the pages under its feet.
        const ids = await queue.getRanges(['failed'], 0, -1, false)
        for (let from = 0; from < ids.length; from += PAGE) {
          const jobs = await Promise.all(ids.slice(from, from + PAGE).map((id) => queue.getJob(id)))
          for (const job of jobs) {
            const letter = job && keptLetter(job)
            if (letter && fits(letter, filter)) yield letter
          }
        }
      }
    },
    async find(jobId) {
      for (let shard = 0; shard < keys.shards; shard++) {
        const job = await deadLetters.queue(shard).getJob(jobId)
        if (job && (await job.isFailed())) return keptLetter(job)
      }
      return undefined
    },
    contents: (letter) => readContents(options, letter),
    async replay(letter) {
      const job = await jobOf(letter)
      return job !== undefined && (await isDone(job, job.retry()))
    },
    async drop(letter) {
      const job = await jobOf(letter)
      if (job === undefined || !(await isDone(job, job.remove()))) return false
      await redis.del(contentsKey(keys, letter))
      return true
    },
  }
}

function fits(letter: KeptLetter, { botId, homeId, kind, reason, sinceMs }: LetterFilter): boolean {
  const { failedReason } = letter
  return (
    (botId === undefined || letter.botId === botId) &&
    (homeId === undefined || letter.homeId === homeId) &&
    (kind === undefined || letter.kind === kind) &&
    (reason === undefined || failedReason.toLowerCase().includes(reason.toLowerCase())) &&
    (sinceMs === undefined || letter.atMs >= sinceMs)
  )
}

/** BullMQ throws where a job is not in the state that it must be in, as it does where Redis is away. */
async function isDone(job: Job, change: Promise<unknown>): Promise<boolean> {
  try {
    await change
    return true
  } catch (error) {
    if (await job.isFailed()) throw error
    return false
  }
}
