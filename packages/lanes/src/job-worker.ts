/** A BullMQ worker that can be stopped in any weather. */
import { type RedisClient, type Running, sleep } from '@chatlane/runtime'
import { type Job, Worker, type WorkerOptions } from 'bullmq'

/** A running worker. */
export interface JobWorker extends Running {
  worker: Worker
}

/** How long BullMQ has to note that its last job is over. */
const CLOSE_WITHIN_MS = 2000

/**
 * Starts a worker whose `stop` takes no new jobs and lets those in progress end. BullMQ's own `close` waits for the end
 * of its blocking connection, which ioredis never tells of a connection that was waiting to be made again: a service that
 * is stopped while Redis is away, or has just been, would never end. What is left then is a job that looks active, which
 * another worker takes over when its lock has run out.
 */
export function openJobWorker(
  name: string,
  // biome-ignore lint/suspicious/noExplicitAny: BullMQ's own type of a job's data
  serve: (job: Job<any>, token: string | undefined) => Promise<unknown>,
  options: Omit<WorkerOptions, 'connection'> & { connection: RedisClient; onError: (error: Error) => void },
): JobWorker {
  const { onError, ...ofWorker } = options
  let inProgress = 0
  let tellIdle: (() => void) | undefined
  const counted = async (job: Job, token: string | undefined) => {
    inProgress++
    try {
      return await serve(job, token)
    } finally {
      inProgress--
      if (inProgress === 0) tellIdle?.()
    }
  }
  const worker = new Worker(name, counted, ofWorker)
  worker.on('error', onError)
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
