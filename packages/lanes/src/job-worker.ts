/** A BullMQ worker that can be stopped in any weather, and leaves to newer releases what is theirs. */
import { type Log, type RedisClient, type Running, sleep } from '@chatlane/runtime'
import { DelayedError, type Job, Worker, type WorkerOptions } from 'bullmq'
import { NewerFormatError, requireReadableJob } from './format.ts'

/** A running worker. */
export interface JobWorker extends Running {
  worker: Worker
}

/** How long BullMQ has to note that its last job is over. */
const CLOSE_WITHIN_MS = 2000
/** What a newer release wrote is offered again after this time: to any process, which may be this one. */
const OFFERED_AGAIN_MS = 500
/** Whoever is on call is told so often that something waits for a newer release. */
const TOLD_EVERY_MS = 10_000

/**
 * Starts a worker whose `stop` takes no new jobs and lets those in progress end. BullMQ's own `close` waits for the end
 * of its blocking connection, which ioredis never tells of a connection that was waiting to be made again: a service that
 * is stopped while Redis is away, or has just been, would never end. What is left then is a job that looks active, which
 * another worker takes over when its lock has run out.
 *
 * A job that a newer release made, or over which `serve` rejects with a NewerFormatError, is put back for a while.
 */
export function openJobWorker(
  name: string,
  // biome-ignore lint/suspicious/noExplicitAny: BullMQ's own type of a job's data
  serve: (job: Job<any>, token: string | undefined) => Promise<unknown>,
  options: Omit<WorkerOptions, 'connection'> & { connection: RedisClient; log: Log },
): JobWorker {
  const { log, ...ofWorker } = options
  let inProgress = 0
  let tellIdle: (() => void) | undefined
  let toldAt = Number.NEGATIVE_INFINITY
  const tellOfNewer = (error: NewerFormatError) => {
    const now = performance.now()
    if (now - toldAt < TOLD_EVERY_MS) return
    toldAt = now
    log.warn({ err: error, queue: name }, 'something waits for a newer release: left to its processes')
  }
  const counted = async (job: Job, token: string | undefined) => {
    inProgress++
    try {
      requireReadableJob(job.data)
      return await serve(job, token)
    } catch (error) {
      if (!(error instanceof NewerFormatError)) throw error
      tellOfNewer(error)
      await job.moveToDelayed(Date.now() + OFFERED_AGAIN_MS, token)
      throw new DelayedError()
    } finally {
      inProgress--
      if (inProgress === 0) tellIdle?.()
    }
  }
  const worker = new Worker(name, counted, ofWorker)
  worker.on('error', (error) => log.debug({ err: error }, `the worker of ${name}`))
  return {
    worker,
    async stop() {
      const isClosed = new AbortController()
      const closed = worker.close().finally(() => isClosed.abort())
      const idle = async () => {
        while (inProgress > 0 && !isClosed.signal.aborted) {
          await new Promise<void>((resolve) => {
            tellIdle = resolve
          })
        }
        await sleep(CLOSE_WITHIN_MS, isClosed.signal)
      }
      await Promise.race([closed, idle()])
    },
  }
}
