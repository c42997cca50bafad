/** The lanes of one installation on the test's Redis, wired as the apps wire them; all of it ends with the test. */
import { createLog } from '@chatlane/runtime'
import { openTestRedis } from '@chatlane/test-kit'
import { onTestFinished } from 'vitest'
import { createRecipients } from '../src/broadcast-recipients.ts'
import { type Budget, createBudget, type Limits } from '../src/budget.ts'
import { type ConsumerParts, consumeInboxes } from '../src/consumer.ts'
import { createInbox, type Item, type TurnRules } from '../src/inbox.ts'
import { createKeys, type LaneName } from '../src/names.ts'
import { createOutbox } from '../src/outbox.ts'
import { hostPumps, type PumpHostParts } from '../src/pump-host.ts'
import { createWakes } from '../src/queues.ts'
import { sweepInboxes, sweepOutboxes } from '../src/sweeper.ts'
import type { DeliveryClass } from '../src/turn-end.ts'

export const BOT = '1'
/** Sweeps as often as it can, so that a test need not wait for it. */
export const SWIFT = { everyMs: 20, settledMs: 0 }
/** Limits that limit nothing. */
export const WIDE: Limits = { botPerSecond: 1000, chatPerSecond: 1000, chatBurst: 1000, groupPerMinute: 1000 }
export const NOTHING = { deliveries: [], writes: [] }

export function laneOf(homeId: number | string, place = ''): LaneName {
  return { botId: BOT, homeId: String(homeId), place }
}

/** Call inside a test. */
export function openLanes(
  options: { shards?: number; rules?: TurnRules; attemptMs?: number; limits?: Limits } = {},
) {
  const { prefix, connect } = openTestRedis()
  const log = createLog({ service: 'test', level: 'silent' })
  const keys = createKeys({ prefix, shards: options.shards ?? 1 })
  const rules = options.rules ?? { quietMs: 0, maxTries: 3 }
  const limits = options.limits ?? WIDE
  const attemptMs = options.attemptMs ?? 60_000
  const stopped = (stop: () => Promise<unknown>) => {
    let ended: Promise<unknown> | undefined
    const once = async () => {
      ended ??= stop()
      await ended
    }
    onTestFinished(once)
    return once
  }
  /** What one process has: its own connection and everything on it. */
  const openProcess = () => {
    const own = connect()
    const wakes = createWakes({ redis: own, keys, onError: () => undefined })
    stopped(() => wakes.close())
    const inbox = createInbox({ redis: own, keys, rules })
    const outbox = createOutbox({ redis: own, keys, attemptMs })
    const budget = createBudget({ redis: own, keys, botId: BOT, limits, unansweredMs: attemptMs })
    const recipients = createRecipients({ redis: own, keys })
    return {
      redis: own,
      keys,
      log,
      wakes,
      inbox,
      outbox,
      recipients,
      budget,
      budgets: new Map([[BOT, budget]]),
    }
  }
  const main = openProcess()
  const readyOutbox = async (lane: { homeId: string }, headClass: string) => {
    if (!(await main.budget.ready(lane.homeId, headClass))) await main.wakes.wakePump(BOT)
  }
  const append = async (lane: LaneName, item: Partial<Item> & { id: string }) => {
    const whole = { mergeKey: '', album: '', payload: `p${item.id}`, ...item }
    const appended = await main.inbox.append(lane, whole, { open: true, countAs: 'n' })
    if (appended !== 'behind') await main.wakes.wakeLane(lane)
  }
  return {
    ...main,
    prefix,
    connect,
    openProcess,
    readyOutbox,
    append,
    /** Posts a delivery of the chat and readies it. */
    async post(homeId: string, delivery: { id: string; class?: DeliveryClass; place?: string }) {
      const whole = { class: 1 as const, place: '', payload: `p${delivery.id}`, ...delivery }
      await readyOutbox({ homeId }, await main.outbox.post({ botId: BOT, homeId }, whole))
    },
    startConsumer(parts: Pick<ConsumerParts, 'answer'> & Partial<ConsumerParts>) {
      const consumer = consumeInboxes({
        ...openProcess(),
        concurrency: 10,
        giveUp: async () => NOTHING,
        readyOutbox,
        firstPauseMs: 10,
        finishMs: 100,
        ...parts,
      })
      return { ...consumer, stop: stopped(() => consumer.stop()) }
    },
    async startPumps(parts: Pick<PumpHostParts, 'send'> & Partial<PumpHostParts>) {
      const host = await hostPumps({ ...openProcess(), park: async () => undefined, ...parts })
      return { stop: stopped(() => host.stop()) }
    },
    startSweepers() {
      const own = openProcess()
      const sweepers = [
        sweepInboxes({ ...own, pace: SWIFT }),
        sweepOutboxes({ ...own, budgets: own.budgets as Map<string, Budget>, pace: SWIFT }),
      ]
      const stop = stopped(() => Promise.all(sweepers.map((sweeper) => sweeper.stop())))
      return { stop }
    },
  }
}
