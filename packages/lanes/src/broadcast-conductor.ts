/** Moves broadcasts on: feeds the pumps with recipients, shows the progress as a job's, ends what is over. */
import { type Log, type RedisClient, type Running, sleep } from '@chatlane/runtime'
import { DelayedError, UnrecoverableError, WaitingError } from 'bullmq'
import type { BroadcastJob, BroadcastJobs } from './broadcast-jobs.ts'
import { botOfBroadcast } from './broadcast-names.ts'
import { type BroadcastStatus, hasEnded, settledOf } from './broadcast-status.ts'
import type { Broadcasts } from './broadcasts.ts'
import { openJobWorker } from './job-worker.ts'
import { lead } from './leader.ts'
import type { Keys } from './names.ts'
import { QUEUE_NAMES, WAKE_TAKEOVER, type Wakes } from './queues.ts'
import { scripts } from './scripts.ts'

/** How often a conductor does what. */
export interface ConductorPace {
  /** Recipients are fed this often: half of what is fed ahead lasts for longer at a paid broadcast's 1,000 a second. */
  feedMs: number
  progressMs: number
  /** A broadcast that can't move on here (it waits for another, its bot is another sender's) is looked at this often. */
  waitingMs: number
  /** Broadcasts that lost their job, and recipients that are ready for no pump, are looked for this often. */
  healMs: number
}

/** What a conductor needs. */
export interface ConductorParts {
  redis: RedisClient
  keys: Keys
  wakes: Wakes
  broadcasts: Broadcasts
  jobs: BroadcastJobs
  /** The bots that this process may pump. */
  budgets: ReadonlyMap<string, unknown>
  log: Log
  pace?: Partial<ConductorPace>
}

const PACE: ConductorPace = { feedMs: 100, progressMs: 1000, waitingMs: 1000, healMs: 10_000 }
/** Most recipients that are fed and not settled: what a pump can call in half a second, at any rate. */
const FED_AHEAD = 512
/** Most recipients that one step looks at, also those that blocked the bot: it must not hold up Redis for long. */
const LOOKED_AT_ONCE = 300
/** A pump is not at work so long after it was woken: the one who was to wake it has died. */
const UNPUMPED_MS = 2000

/** How long a step waits that Redis refused. */
const REFUSED_MS = 1000

/** Starts moving broadcasts on in this process. Any number of conductors may do so: each step is one script. */
export function conductBroadcasts(parts: ConductorParts): Running {
  const { redis, keys, broadcasts, jobs, budgets, log } = parts
  const pace = { ...PACE, ...parts.pace }
  const stopping = new AbortController()
  const { worker, stop } = openJobWorker(
    QUEUE_NAMES.broadcasts,
    (job: BroadcastJob, token) => conduct({ ...parts, pace, signal: stopping.signal }, job, token ?? ''),
    // One broadcast of a bot is under way at a time; those that wait are looked at and put back.
    { connection: redis, prefix: keys.shard(0), concurrency: budgets.size + 1, ...WAKE_TAKEOVER, log },
  )
  worker.on('failed', (job, error) =>
    log.error(
      { err: error, broadcast: job?.data.broadcast },
      'a broadcast broke off; it goes on before long',
    ),
  )
  const healing = lead({
    redis,
    log,
    key: keys.ofShard(0, 'heal-broadcasts'),
    everyMs: pace.healMs,
    async chore() {
      for (const botId of budgets.keys()) {
        for (const { id, total } of await broadcasts.unended(botId))
          await jobs.ensure({ bot: botId, broadcast: id, total })
      }
    },
  })
  return {
    async stop() {
      stopping.abort()
      await Promise.all([stop(), healing.stop()])
    },
  }
}

interface Conducting extends ConductorParts {
  pace: ConductorPace
  signal: AbortSignal
}

async function conduct(parts: Conducting, job: BroadcastJob, token: string): Promise<object | undefined> {
  const { broadcasts, pace, signal } = parts
  const id = job.data.broadcast
  const botId = botOfBroadcast(id)
  if (botId === undefined) throw new UnrecoverableError('this is the job of no broadcast')
  const due = { progress: 0, heal: performance.now() + pace.healMs, force: Number.POSITIVE_INFINITY }
  while (!signal.aborted) {
    const now = performance.now()
    const isHealing = now >= due.heal
    if (isHealing) due.heal = now + pace.healMs
    const { state, isPumped } = await feed(parts, { botId, id, isHealing })
    if (state === 'waiting') {
      await job.moveToDelayed(Date.now() + pace.waitingMs, token)
      throw new DelayedError()
    }
    if (isPumped) due.force = Number.POSITIVE_INFINITY
    else {
      // Forced where the wake-up of a dead sender stands in the way of ours.
      const force = now >= due.force
      if (force || due.force === Number.POSITIVE_INFINITY) due.force = now + UNPUMPED_MS
      await parts.wakes.wakePump(botId, { force })
    }
    const isOver = state !== 'running' && state !== 'stopping'
    if (isOver || now >= due.progress) {
      due.progress = now + pace.progressMs
      const status = await broadcasts.status(id)
      if (!status) return undefined
      await showProgress(parts, job, status)
      if (hasEnded(status)) return countsOf(status)
    }
    await sleep(pace.feedMs, signal)
  }
  // Another sender goes on at once.
  await job.moveToWait(token)
  throw new WaitingError()
}

/** One step. What Redis refuses is tried again: the cursor stands where it was. */
async function feed(parts: Conducting, step: { botId: string; id: string; isHealing: boolean }) {
  const { redis, keys, log, signal } = parts
  if (!parts.budgets.has(step.botId)) return { state: 'waiting', isPumped: true }
  const args = [step.id, FED_AHEAD, LOOKED_AT_ONCE, step.isHealing ? '1' : '0']
  try {
    const answer = (await scripts.broadcastFeed(redis, [keys.bot(step.botId)], args)) as string[]
    return { state: answer[0] ?? '', isPumped: answer[1] === '1' }
  } catch (error) {
    log.warn({ err: error, broadcast: step.id }, 'Redis refused to move a broadcast on; trying again')
    await sleep(REFUSED_MS, signal)
    return { state: 'running', isPumped: true }
  }
}

/** Bull Board draws `progress`, in percent, and shows the rest beside it. */
async function showProgress(parts: Conducting, job: BroadcastJob, status: BroadcastStatus): Promise<void> {
  const percent = status.total === 0 ? 100 : (100 * settledOf(status)) / status.total
  const progress = Math.min(100, Math.floor(percent * 10) / 10)
  await job
    .updateProgress({ progress, state: status.state, total: status.total, ...countsOf(status) })
    // A job that an operator removed shows nothing any more; its broadcast goes on.
    .catch((error: Error) => parts.log.debug({ err: error, broadcast: status.id }, 'no progress to show'))
}

function countsOf({ sent, blocked, failed, unknown, skipped }: BroadcastStatus) {
  return { sent, blocked, failed, unknown, skipped }
}
