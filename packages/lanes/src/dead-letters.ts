/** What could not be done is kept: a failed job in Bull Board, whose retry replays it. The text stays out of the job. */
import { durableStep, type Log, type RedisClient, type Running, seriesOf } from '@chatlane/runtime'
import { type Job, type Queue, UnrecoverableError } from 'bullmq'
import { letterName, noteInIndex } from './chat-index.ts'
import { markJob, seal, unmarkJob, unseal } from './format.ts'
import { openJobWorker } from './job-worker.ts'
import type { Keys } from './names.ts'
import { openQueue, QUEUE_NAMES } from './queues.ts'

/** How long a dead letter's contents are kept. */
const KEPT_SECONDS = 30 * 24 * 3600

/** A dead letter, without its contents. */
export interface DeadLetter {
  kind: 'update' | 'delivery'
  botId: string
  homeId: string
  place: string
  /** The update's or the delivery's id: parking the same twice makes one letter. */
  id: string
  reason: string
}

/** The id of the letter's job. BullMQ allows no colon in it. */
export function letterJobId(letter: Pick<DeadLetter, 'kind' | 'botId' | 'homeId' | 'id'>): string {
  return `${letter.kind}-${letter.botId}-${letter.homeId}-${letter.id}`.replaceAll(':', '_')
}

/** Where the letter's contents are. */
export function contentsKey(keys: Keys, letter: DeadLetter): string {
  return keys.ofChat(letter, letterName(letter))
}

/** What the letter contains: the update or the delivery as JSON; undefined where it is no longer kept. */
export async function readContents(
  { redis, keys }: { redis: RedisClient; keys: Keys },
  letter: DeadLetter,
): Promise<string | undefined> {
  const sealed = await redis.get(contentsKey(keys, letter))
  return sealed === null ? undefined : unseal(sealed)
}

/** The dead letters of all shards. */
export interface DeadLetters {
  /** Keeps `contents` and makes the failed job. Safe to repeat. */
  park(letter: DeadLetter, contents: string): Promise<void>
  /** Starts failing new letters and replaying retried ones. */
  serve(replay: (letter: DeadLetter, contents: string) => Promise<void>): Running
  queue(n: number): Queue
  close(): Promise<void>
}

/** The dead letters under `keys`. */
export function createDeadLetters(options: { redis: RedisClient; keys: Keys; log: Log }): DeadLetters {
  const { redis, keys, log } = options
  const onError = (error: Error) => log.debug({ err: error }, 'the dead letters')
  const queues = Array.from({ length: keys.shards }, (_, n) =>
    openQueue({ redis, prefix: keys.shard(n), name: QUEUE_NAMES.deadLetters, keepFailed: 'all', onError }),
  )
  const queue = (n: number) => {
    const found = queues[n]
    if (!found) throw new Error(`there is no shard ${n}`)
    return found
  }
  return {
    queue,
    async park(letter, contents) {
      await noteInIndex({ redis, keys }, letter, letterName(letter))
      const kept = await durableStep('keep-letter', () =>
        redis.set(contentsKey(keys, letter), seal(contents), 'EX', KEPT_SECONDS, 'NX'),
      )
      const series = seriesOf('chatlane_dead_letters_total', { bot: letter.botId, kind: letter.kind })
      if (kept === 'OK') await redis.hincrby(keys.ofShard(keys.shardOf(letter), 'tally'), series, 1)
      const options = { jobId: letterJobId(letter), attempts: 1, removeOnComplete: true }
      await durableStep('add-letter', () =>
        queue(keys.shardOf(letter)).add(letter.kind, markJob(letter), options),
      )
    },
    serve(replay) {
      const serveOne = async (job: Job<DeadLetter>) => {
        // The first run only makes it a failed job; every later one is an operator's retry.
        if (job.attemptsMade === 0) throw withoutStack(new UnrecoverableError(job.data.reason))
        const contents = await readContents(options, job.data)
        if (contents === undefined)
          throw new UnrecoverableError('its contents are gone: they were kept for 30 days')
        await replay(unmarkJob(job.data), contents)
        await redis.del(contentsKey(keys, job.data))
      }
      const workers = queues.map((_, n) =>
        openJobWorker(QUEUE_NAMES.deadLetters, serveOne, {
          connection: redis,
          prefix: keys.shard(n),
          log,
        }),
      )
      return { stop: async () => void (await Promise.all(workers.map((worker) => worker.stop()))) }
    },
    async close() {
      await Promise.all(queues.map((each) => each.close()))
    },
  }
}

/** Bull Board shows an error's stack; of a dead letter only the reason says something. */
function withoutStack(error: Error): Error {
  error.stack = `${error.name}: ${error.message}`
  return error
}
