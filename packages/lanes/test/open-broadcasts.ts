/** Broadcasts on the test's lanes, and a pump that a test plays: it makes the calls and may vanish between any two. */
import { randomBytes } from 'node:crypto'
import { until } from '@chatlane/test-kit'
import { onTestFinished } from 'vitest'
import { createAudience } from '../src/audience.ts'
import { conductBroadcasts } from '../src/broadcast-conductor.ts'
import { createBroadcastJobs } from '../src/broadcast-jobs.ts'
import { createRecipients, type RecipientResult } from '../src/broadcast-recipients.ts'
import { type BroadcastStatus, hasEnded } from '../src/broadcast-status.ts'
import { createBroadcasts } from '../src/broadcasts.ts'
import type { Grant } from '../src/budget.ts'
import { BOT, openLanes, WIDE } from './open-lanes.ts'

/** Conducts as often as it can, so that a test need not wait for it. */
const SWIFT = { feedMs: 5, progressMs: 10, waitingMs: 20, healMs: 50 }
const SENT: RecipientResult = { kind: 'sent' }

/** A call as the outside sees it: `payload` is the delivery's id where it is the chat's own. */
export interface Call {
  chat: string
  payload: string
  isPaid: boolean
}

/** Ids in portions, as a command reads them. */
export function portions(ids: readonly (string | number)[], size = 1000): string[][] {
  const count = Math.ceil(ids.length / size)
  return Array.from({ length: count }, (_, n) => ids.slice(n * size, (n + 1) * size).map(String))
}

/** So many ids, beginning with `first`. */
export function idsFrom(first: number, count: number): string[] {
  return Array.from({ length: count }, (_, n) => String(first + n))
}

/** Call inside a test. */
export function openBroadcasts(options: Parameters<typeof openLanes>[0] & { intentMs?: number } = {}) {
  const lanes = openLanes({ limits: { ...WIDE, botPerSecond: 5000 }, ...options })
  const { redis, keys, budget, outbox } = lanes
  const open = () => {
    const own = lanes.openProcess()
    const jobs = createBroadcastJobs({ redis: own.redis, keys, onError: () => undefined })
    onTestFinished(() => jobs.close())
    return { ...own, jobs, broadcasts: createBroadcasts({ redis: own.redis, keys, jobs }) }
  }
  const main = open()
  const recipients = createRecipients({ redis, keys, intentMs: options.intentMs ?? 2000 })
  const status = async (id: string) => (await main.broadcasts.status(id)) as BroadcastStatus

  /** `alive` answers what a step came to, and never where the process was killed meanwhile. */
  const useGrant = async (
    grant: Grant,
    call: (call: Call) => Promise<RecipientResult>,
    alive: <T>(step: Promise<T>) => Promise<T>,
  ) => {
    const chat = { botId: BOT, homeId: grant.chat }
    if (grant.class !== '4') {
      const attempt = await outbox.attempt(chat, grant.id)
      if (attempt.kind !== 'send') return budget.answered(grant, { next: '', used: false })
      await call({ chat: grant.chat, payload: attempt.delivery.id, isPaid: false })
      const noted = { token: grant.id, delivery: attempt.delivery, result: { kind: 'done' as const } }
      return budget.answered(grant, { next: (await outbox.note(chat, noted)).next, used: true })
    }
    const attempt = await alive(recipients.attempt(chat, grant.id))
    if (attempt.kind === 'held') return budget.answered(grant, { next: '', used: false, holdMs: attempt.ms })
    if (attempt.kind !== 'send') return budget.answered(grant, { next: '', used: false })
    const { broadcastId, payload, isPaid } = attempt
    // The note and the request leave in the same instant.
    void recipients.handOver(chat, grant.id)
    const result = await call({ chat: grant.chat, payload, isPaid })
    await recipients.note(chat, { broadcastId, token: grant.id, result })
    await budget.answered(grant, { next: '', used: true })
  }
  return {
    ...lanes,
    ...main,
    recipients,
    audience: createAudience({ redis, keys }),
    base: keys.bot(BOT),
    status,
    ended: (id: string) =>
      until(async () => {
        const found = await status(id)
        return hasEnded(found) && found
      }),
    async unknownsOf(id: string) {
      const found: string[] = []
      for await (const portion of main.broadcasts.unknowns(id)) found.push(...portion)
      return found
    },
    /** A broadcast to `ids`, in any order and number. */
    create: (ids: readonly (string | number)[] | 'all', payload = 'news', paidPerSecond?: number) =>
      main.broadcasts.create({
        botId: BOT,
        payload,
        audience: ids === 'all' ? ids : portions(ids),
        paidPerSecond,
      }),
    startConductor(bots: readonly string[] = [BOT]) {
      const own = open()
      const budgets = new Map(bots.map((botId) => [botId, undefined]))
      const conductor = conductBroadcasts({ ...own, budgets, pace: SWIFT })
      let stopped: Promise<void> | undefined
      const stop = () => {
        stopped ??= conductor.stop()
        return stopped
      }
      onTestFinished(stop)
      return { stop }
    },
    /** Makes calls until it `vanishes` or the test ends; `answer` decides what becomes of each. */
    playPump(answer: (call: Call, nth: number) => RecipientResult | Promise<RecipientResult> = () => SENT) {
      const token = randomBytes(6).toString('hex')
      const calls: Call[] = []
      const inFlight = new Set<string>()
      let gone = false
      const alive = async <T>(step: Promise<T>): Promise<T> => {
        const answered = await step
        return gone ? new Promise<never>(() => undefined) : answered
      }
      const call = async (made: Call) => {
        const nth = calls.push(made)
        inFlight.add(made.chat)
        const result = await alive(Promise.resolve(answer(made, nth)))
        inFlight.delete(made.chat)
        return result
      }
      const pumping = (async () => {
        await until(async () => gone || (await budget.lease(token, 300)) !== 'held')
        for (let round = 1; !gone; round++) {
          await budget.lease(token, 300)
          const most = 64 - inFlight.size
          const answered =
            most > 0 ? await budget.grant(token, { most, prefix: `${token}.${round}.` }) : undefined
          if (gone) return
          if (answered?.kind === 'granted')
            for (const grant of answered.grants) void useGrant(grant, call, alive)
          await new Promise((resolve) => setTimeout(resolve, 2))
        }
      })()
      const vanish = async () => {
        gone = true
        await pumping
      }
      onTestFinished(vanish)
      return { calls, inFlight, vanish, chats: () => calls.map((made) => made.chat) }
    },
  }
}
