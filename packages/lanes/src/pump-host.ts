/** Runs the pumps of the bots whose turn it is in this process. */
import type { Log, RedisClient, Running } from '@chatlane/runtime'
import type { Job } from 'bullmq'
import type { Budget } from './budget.ts'
import { openJobWorker } from './job-worker.ts'
import type { Keys } from './names.ts'
import type { Outbox } from './outbox.ts'
import { type PumpParts, runPump } from './pump.ts'
import { QUEUE_NAMES, WAKE_TAKEOVER, type Wakes } from './queues.ts'

/** What a host of pumps needs. */
export interface PumpHostParts extends Pick<PumpParts, 'outbox' | 'recipients' | 'send' | 'park'> {
  redis: RedisClient
  keys: Keys
  wakes: Wakes
  outbox: Outbox
  /** The budget of every bot that this process may pump. */
  budgets: ReadonlyMap<string, Budget>
  log: Log
}

/** A running host of pumps. */
export interface PumpHost extends Running {
  /** Calls of this process that have no answer yet. */
  callsUnderWay(): number
}

/** Starts serving wake-ups of bots. `stop` lets calls under way end and leaves the bots to other senders. */
export async function hostPumps(parts: PumpHostParts): Promise<PumpHost> {
  let underWay = 0
  const send: PumpHostParts['send'] = async (outgoing) => {
    underWay++
    try {
      return await parts.send(outgoing)
    } finally {
      underWay--
    }
  }
  const stopping = new AbortController()
  const listener = parts.redis.duplicate()
  listener.on('error', (error: Error) => parts.log.debug({ err: error }, 'the listener for ready chats'))
  const heard = new Map<string, () => void>()
  listener.on('message', (channel: string) => heard.get(channel)?.())
  const listen: PumpParts['listen'] = async (channel, hear) => {
    heard.set(channel, hear)
    await listener.subscribe(channel)
    return async () => {
      // A pump that lost its bot ends after its successor in this process has begun: that one goes on listening.
      if (heard.get(channel) !== hear) return
      heard.delete(channel)
      await listener.unsubscribe(channel)
    }
  }
  const pump = async (job: Job<{ bot: string }>) => {
    const botId = job.data.bot
    const budget = parts.budgets.get(botId)
    if (!budget)
      return parts.log.warn({ bot: botId }, 'deliveries wait for a bot whose token this sender does not have')
    const end = await runPump({ ...parts, send, botId, budget, listen }, stopping.signal)
    if (end === 'stopped' || end === 'lost') await parts.wakes.wakePump(botId)
    return end
  }
  const { worker, stop } = openJobWorker(QUEUE_NAMES.outbox, pump, {
    connection: parts.redis,
    prefix: parts.keys.shard(0),
    concurrency: parts.budgets.size * 2,
    ...WAKE_TAKEOVER,
    log: parts.log,
  })
  worker.on('failed', (job, error) =>
    parts.log.error({ err: error, bot: job?.data.bot }, 'a pump broke off; the sweeper wakes it again'),
  )
  return {
    callsUnderWay: () => underWay,
    async stop() {
      stopping.abort()
      await stop()
      listener.disconnect()
    },
  }
}
