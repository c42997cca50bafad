/** The bot's schedules, due when a test says so. */
import { createKeys } from '@chatlane/lanes'
import { closeRedis, connectRedis, createLog, sleep } from '@chatlane/runtime'
import { type Job, Queue, QueueEvents } from 'bullmq'
import { ScheduleRunError } from './schedule-run-error.ts'

/** What the author's code has scheduled. */
export interface Schedules {
  /**
   * Makes the schedule due now and resolves when a worker has run it. Rejects with a ScheduleRunError where it fails or
   * takes longer than `withinMs`, with an Error where there is no such schedule.
   */
  run(name: string, withinMs: number): Promise<void>
  /** Runs that are waited for are given up. */
  close(): Promise<void>
}

/** As the workers have it (apps/worker/src/handlers/schedules.ts). */
const QUEUE = 'schedules'
const STACK_LINES = 5

/**
 * The schedules of the bot `botId`, as its workers have made them known in Redis. Connects with the first run. `trouble`
 * tells what explains that nothing is run.
 */
export function openSchedules(parts: {
  redis: { url: string; prefix: string }
  botId: string
  trouble: () => string
}): Schedules {
  const { botId, trouble } = parts
  const closing = new AbortController()
  let connected: Connected | undefined
  let last: Promise<unknown> = Promise.resolve()
  const run = async (name: string, withinMs: number) => {
    if (closing.signal.aborted) throw new ScheduleRunError(name, 'was not run: the bot is closed')
    connected ??= connect(parts.redis)
    const { queue, events } = connected
    await events.waitUntilReady()
    const job = await makeDue(queue, { botId, name })
    const ended = new AbortController()
    const end = () => ended.abort()
    // How it ended is read from the job, which knows where it was thrown, too.
    const ending = job.waitUntilFinished(events).then(end, end)
    await Promise.race([ending, sleep(withinMs, AbortSignal.any([ended.signal, closing.signal]))])
    if (!ended.signal.aborted) {
      const late = `did not end within ${withinMs / 1000} s\n${trouble()}`.trim()
      throw new ScheduleRunError(
        name,
        closing.signal.aborted ? 'had not ended when the bot was closed' : late,
      )
    }
    const after = await queue.getJob(String(job.id))
    if (after && (await after.isFailed())) throw new ScheduleRunError(name, `failed:\n${failure(after)}`)
  }
  return {
    run(name, withinMs) {
      // One after the other: a run that is made due takes the place of one that no worker has begun yet.
      const running = last.then(() => run(name, withinMs))
      last = running.catch(() => undefined)
      return running
    },
    async close() {
      closing.abort()
      await last
      await connected?.close()
    },
  }
}

interface Connected {
  queue: Queue
  events: QueueEvents
  close(): Promise<void>
}

function connect({ url, prefix }: { url: string; prefix: string }): Connected {
  const redis = connectRedis({
    url,
    patience: 'patient',
    log: createLog({ service: 'test', level: 'silent' }),
  })
  const options = { connection: redis, prefix: createKeys({ prefix, shards: 1 }).shard(0) }
  // How many events are kept is the workers' to say.
  const queue = new Queue(QUEUE, { ...options, skipMetasUpdate: true })
  const events = new QueueEvents(QUEUE, options)
  // A Redis that is away is told of by the run that does not end.
  queue.on('error', () => undefined)
  events.on('error', () => undefined)
  return {
    queue,
    events,
    async close() {
      await Promise.all([queue.close(), events.close()])
      await closeRedis(redis)
    },
  }
}

/**
 * Lets the scheduler itself be due now, in the place of its next time. The worker that begins the run asks the clock for
 * the next one: the same again. (The job of the next time, promoted, would take that time's run away.)
 */
async function makeDue(queue: Queue, { botId, name }: { botId: string; name: string }): Promise<Job> {
  const start = `${botId}.`
  const found = await queue.getJobScheduler(`${start}${name}`)
  if (!found?.pattern) {
    const keys = (await queue.getJobSchedulers()).map(({ key }) => key).filter((key) => key.startsWith(start))
    const names = keys.map((key) => key.slice(start.length)).join(', ')
    throw new Error(`no schedule is called ${name}; there ${names === '' ? 'are none' : `is: ${names}`}`)
  }
  const times = { pattern: found.pattern, ...(found.tz && { tz: found.tz }), immediately: true }
  const job = await queue.upsertJobScheduler(found.key, times, { ...found.template, name: found.name })
  if (!job) throw new Error(`BullMQ did not make the schedule ${name} due`)
  return job
}

/** The last try's error, as far as it tells where in the author's code it was thrown. */
function failure({ stacktrace, failedReason }: Job): string {
  return (stacktrace?.at(-1) ?? failedReason).split('\n').slice(0, STACK_LINES).join('\n')
}
