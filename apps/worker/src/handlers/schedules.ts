/** Runs what authors have scheduled: once at each time, in whichever worker comes first. */
import { type Keys, WAKE_TAKEOVER } from '@chatlane/lanes'
import { type Log, type RedisClient, type Running, sleep } from '@chatlane/runtime'
import { type Job, Queue, UnrecoverableError, Worker } from 'bullmq'
import type { Schedule } from 'chatlane'
import type { Telegram } from 'telegraf'

/** A schedule with what its runs are given. */
export interface BotSchedule extends Schedule {
  botId: string
  telegram: Telegram
}

const QUEUE = 'schedules'
/** A run that fails, or comes to a worker that does not know it yet, is tried again. */
const TRIES = 5
/** How long a run may go on in a process that stops. */
const FINISH_MS = 15_000

/**
 * Makes the schedules known and runs them. Those that no author registers any more are removed. Rejects for a cron
 * expression that can't be read, naming its schedule.
 */
export async function runSchedules(options: {
  redis: RedisClient
  keys: Keys
  schedules: readonly BotSchedule[]
  /** The bots whose schedules these are: what else is there of them is removed. */
  botIds: Iterable<string>
  /** Runs `fn` so that what it calls is posted once, also where the run is begun anew. */
  within<T>(runId: string, fn: () => Promise<T>): Promise<T>
  log: Log
}): Promise<Running> {
  const { redis, keys, schedules, log } = options
  const prefixes = Array.from(options.botIds, (botId) => `${botId}.`)
  const prefix = keys.shard(0)
  const queue = new Queue(QUEUE, { connection: redis, prefix, streams: { events: { maxLen: 1000 } } })
  const onError = (error: Error) => log.debug({ err: error }, 'the schedules')
  queue.on('error', onError)
  // Each bot has names of its own.
  const byName = new Map(schedules.map((each) => [`${each.botId}.${each.name}`, each]))
  for (const [name, { cron }] of byName) {
    const opts = {
      attempts: TRIES,
      backoff: { type: 'exponential', delay: 1000 },
      removeOnComplete: 50,
      removeOnFail: 50,
    }
    if (await isOverdue(queue, name, cron)) continue
    await queue
      .upsertJobScheduler(name, { pattern: cron, tz: 'UTC' }, { name, opts })
      .catch((error: Error) => {
        throw new ScheduleError(name, cron, error)
      })
  }
  for (const { key } of await queue.getJobSchedulers()) {
    const isOurs = prefixes.some((start) => key.startsWith(start))
    if (isOurs && !byName.has(key)) await queue.removeJobScheduler(key)
  }
  const stopping = new AbortController()
  const serve = async (job: Job) => {
    const found = byName.get(job.name)
    if (!found) throw new Error(`this worker knows no schedule ${job.name}`)
    // BullMQ itself lets what a scheduler made stall for ever.
    if (job.stalledCounter > TRIES) throw new UnrecoverableError('its worker ended, again and again')
    const run = async () => found.run({ telegram: found.telegram, signal: stopping.signal })
    await options.within(String(job.id), run)
  }
  const worker =
    schedules.length > 0
      ? new Worker(QUEUE, serve, {
          connection: redis,
          prefix,
          concurrency: 10,
          ...WAKE_TAKEOVER,
        })
      : undefined
  worker?.on('error', onError)
  worker?.on('failed', (job, error) =>
    log.error({ err: error, schedule: job?.name }, 'a scheduled run failed'),
  )
  return {
    async stop() {
      stopping.abort()
      // A run that does not heed its signal is taken over by another worker.
      const ended = new AbortController()
      const closing = worker?.close().finally(() => ended.abort())
      await Promise.race([closing, sleep(FINISH_MS, ended.signal).then(() => worker?.close(true))])
      await queue.close()
    },
  }
}

/** Whether a run became due while no worker was there: to register its schedule anew would take it away. */
async function isOverdue(queue: Queue, name: string, cron: string): Promise<boolean> {
  const known = await queue.getJobScheduler(name)
  if (known?.pattern !== cron || known.next === undefined || known.next > Date.now()) return false
  return (await queue.getJob(`repeat:${name}:${known.next}`)) !== undefined
}

/** A schedule's times can't be read. */
export class ScheduleError extends Error {
  readonly code = 'SCHEDULE'

  constructor(name: string, cron: string, cause: Error) {
    super(`the schedule ${name}: found ${JSON.stringify(cron)}, expected a cron expression`, { cause })
    this.name = 'ScheduleError'
  }
}
