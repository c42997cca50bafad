/** The dead letters of one chat: looked at, retried as Bull Board does, or thrown away. */
import { type RedisClient, sleep } from '@chatlane/runtime'
import type { Job } from 'bullmq'
import { indexedLetters } from './chat-index.ts'
import { contentsKey, type DeadLetter, type DeadLetters, letterJobId, readContents } from './dead-letters.ts'
import { type KeptLetter, keptLetter } from './kept-letter.ts'
import type { Keys } from './names.ts'
import type { ChatName } from './outbox.ts'

/** The dead letters of single chats. */
export interface ChatLetters {
  of(chat: ChatName): Promise<KeptLetter[]>
  /** What a letter contains: the update or the delivery as JSON; undefined where it is no longer kept. */
  contents(letter: DeadLetter): Promise<string | undefined>
  /** Has every letter of the chat replayed by a worker; answers how many. */
  replay(chat: ChatName): Promise<number>
  /**
   * Throws every letter of the chat away, its contents too; answers how many. `everywhere` looks through all letters
   * there are, `index` only for those that the chat's index names: it misses copies made in Bull Board, which have no
   * contents of their own.
   */
  discard(chat: ChatName, lookIn: 'everywhere' | 'index'): Promise<number>
}

/** A letter that a worker replays this moment can't be removed; it is gone, or failed again, very soon. */
const REMOVED_WITHIN_MS = 5000
const LOOK_AGAIN_MS = 100
const KINDS = ['update', 'delivery'] as const

/** The dead letters by their chats. */
export function createChatLetters(options: {
  redis: RedisClient
  keys: Keys
  deadLetters: DeadLetters
}): ChatLetters {
  const { redis, keys, deadLetters } = options
  const queueOf = (chat: ChatName) => deadLetters.queue(keys.shardOf(chat))
  const jobsOf = async (chat: ChatName, states: ('failed' | 'wait' | 'active')[]) => {
    const queue = queueOf(chat)
    const jobs: Job<DeadLetter>[] = []
    for (const id of await queue.getRanges(states, 0, -1)) {
      if (!mayBeOf(chat, id)) continue
      const job = await queue.getJob(id)
      if (job?.data.botId === chat.botId && job.data.homeId === chat.homeId) jobs.push(job)
    }
    return jobs
  }
  const indexedJobsOf = async (chat: ChatName) => {
    const letters = await indexedLetters({ redis, keys, chat })
    const jobs = await Promise.all(
      letters.map(
        (letter): Promise<Job<DeadLetter> | undefined> =>
          queueOf(chat).getJob(letterJobId({ ...chat, ...letter })),
      ),
    )
    return jobs.filter((job) => job !== undefined)
  }
  return {
    async of(chat) {
      const jobs = await jobsOf(chat, ['failed'])
      return jobs.map(keptLetter)
    },
    contents: (letter) => readContents(options, letter),
    async replay(chat) {
      const jobs = await jobsOf(chat, ['failed'])
      for (const job of jobs) await job.retry()
      return jobs.length
    },
    async discard(chat, lookIn) {
      const until = performance.now() + REMOVED_WITHIN_MS
      for (let discarded = 0; ; ) {
        const jobs = await (lookIn === 'index'
          ? indexedJobsOf(chat)
          : jobsOf(chat, ['failed', 'wait', 'active']))
        if (jobs.length === 0) return discarded
        for (const job of jobs) {
          const isRemoved = await job.remove().then(
            () => true,
            () => false,
          )
          if (!isRemoved) continue
          await redis.del(contentsKey(keys, job.data))
          discarded++
        }
        if (performance.now() > until) throw new Error('a dead letter is being replayed: try again')
        await sleep(LOOK_AGAIN_MS)
      }
    },
  }
}

/** Ids tell whose a letter is, so that not every letter need be read; a copy made in Bull Board has a number. */
function mayBeOf(chat: ChatName, jobId: string): boolean {
  return /^\d+$/.test(jobId) || KINDS.some((kind) => jobId.startsWith(letterJobId({ kind, ...chat, id: '' })))
}
