/** A bot's budget in Redis: who is due, what may leave now, what Telegram has forbidden for a while. */
import type { RedisClient } from '@chatlane/runtime'
import type { Keys } from './names.ts'
import { scripts } from './scripts.ts'

/** Telegram's budgets for one bot, as the operator set them. */
export interface Limits {
  /** Calls of the bot in any second. */
  botPerSecond: number
  /** What refills a private chat's bucket of `chatBurst`. */
  chatPerSecond: number
  chatBurst: number
  /** Calls to one group in any 60 seconds. */
  groupPerMinute: number
}

/** How long a call that has no answer yet counts: longer than any client waits. */
const UNANSWERED_MS = 16_000
/** So many chats with a 429 within a second pause the bot (contract, promise 4); so many slow ones slow it down. */
const CHATS_THAT_MEAN_THE_BOT = 3

/** From here on a call is a sign of congestion: Telegram holds calls back for up to 8 s before it says 429. */
const SLOW_MS = 2500

/** A bot with more than this much of its budget waiting gets no new turns: they could not be delivered. */
const OVERBOOKED_SECONDS = 60
const OVERBOOKED_EVERY_MS = 1000

/** The right to make one call to a chat, for a second. */
export interface Grant {
  id: string
  chat: string
  class: string
}

/** What asking for grants came to. `waitMs` undefined: ask again when told. `busy`: only time can change the answer. */
export type Granted =
  | { kind: 'lost' }
  | { kind: 'granted'; grants: Grant[]; waitMs: number | undefined; busy: boolean }

/** How a grant was used. */
export interface GrantUse {
  /** Class of the chat's next delivery, as the outbox tells it; '' for none. */
  next: string
  /** Whether a request went out. */
  used: boolean
  /** Keeps the chat back for so long. */
  holdMs?: number
  /** Telegram's retry_after. */
  floodMs?: number
  /** How long the call took. Slow calls of several chats lower the bot's rate for a while. */
  tookMs?: number
  /** When its answer came, by `performance.now()`; without it, now. */
  answeredAtMs?: number
}

/** As how many items a grant's call may count. */
export function itemsOfGrant(grant: Grant): number {
  return Number(/\.\d+x(\d+)$/.exec(grant.id)?.[1] ?? 1)
}

/** The calls on one bot's budget. Each is one Lua call and safe to repeat. */
export interface Budget {
  /** Says that chats have deliveries. True where a pump is at work; else one must be woken. Calls of one tick are sent together. */
  ready(chat: string, headClass: string): Promise<boolean>
  /** Takes or prolongs the lease of the pump `token`. */
  lease(token: string, leaseMs: number): Promise<'taken' | 'prolonged' | 'held'>
  /** Gives the lease up; without `force` only where nothing is left to do. */
  release(token: string, force: boolean): Promise<boolean>
  /** `mostRecipients`: of `most`, how many may be recipients of broadcasts; all without it. */
  grant(token: string, options: { most: number; mostRecipients?: number; prefix: string }): Promise<Granted>
  /** Says that the granted call is still under way: it counts for as long again. */
  prolong(grant: Grant): Promise<void>
  answered(grant: Grant, use: GrantUse): Promise<void>
  /** Whether a chat action or draft may leave now. */
  action(chat: string, id: string, mayTakeMs: number): Promise<boolean>
  /** Holds the chat back for a 429 that came outside of a grant. A longer freeze stays. */
  freeze(chat: string, ms: number): Promise<void>
  /** For how long Telegram wants no calls to the chat, or of the bot; 0 for not at all. */
  pausedMs(chat: string): Promise<number>
  /** Whether the chats that wait would take the bot more than a minute. Asked of Redis once a second at most. */
  isOverbooked(): Promise<boolean>
  /** The channel on which a pump is told of ready chats. */
  channel: string
}

/** The budget of `botId`. `unansweredMs`: how long a call without an answer counts (16 s); longer than any client waits. */
export function createBudget(options: {
  redis: RedisClient
  keys: Keys
  botId: string
  limits: Limits
  unansweredMs?: number
}): Budget {
  const { redis, limits, unansweredMs = UNANSWERED_MS } = options
  const base = options.keys.bot(options.botId)
  const gates = [limits.chatPerSecond, limits.chatBurst, limits.groupPerMinute]
  let overbooked = Promise.resolve(false)
  let askedAt = Number.NEGATIVE_INFINITY
  return {
    isOverbooked() {
      if (performance.now() - askedAt < OVERBOOKED_EVERY_MS) return overbooked
      askedAt = performance.now()
      // Previews and broadcasts give way to replies: they keep no turn from beginning.
      const counts = [redis.zcard(`${base}:ready:0`), redis.zcard(`${base}:ready:1`)]
      overbooked = Promise.all(counts).then(
        ([commands = 0, replies = 0]) => (commands + replies) / limits.botPerSecond > OVERBOOKED_SECONDS,
      )
      return overbooked
    },
    channel: `${base}:go`,
    ready: batchPerTick(async (pairs) => (await scripts.ready(redis, [base], pairs)) === 1),
    async lease(token, leaseMs) {
      const answer = await scripts.lease(redis, [base], [token, leaseMs])
      return answer === 2 ? 'taken' : answer === 1 ? 'prolonged' : 'held'
    },
    async release(token, force) {
      return (await scripts.release(redis, [base], [token, force ? '1' : '0'])) === 1
    },
    async grant(token, { most, mostRecipients = most, prefix }) {
      const args = [token, limits.botPerSecond, most, prefix, ...gates, unansweredMs, mostRecipients]
      return readGranted((await scripts.grant(redis, [base], args)) as string[])
    },
    async prolong(grant) {
      await scripts.prolong(redis, [base], [grant.id, grant.chat, ...gates, unansweredMs])
    },
    async answered(grant, use) {
      await scripts.answered(
        redis,
        [base],
        [
          grant.id,
          grant.chat,
          use.next,
          use.holdMs ?? 0,
          use.floodMs ?? 0,
          use.used ? '1' : '0',
          ...gates,
          CHATS_THAT_MEAN_THE_BOT,
          limits.botPerSecond,
          Math.round(use.tookMs ?? 0),
          SLOW_MS,
          use.answeredAtMs === undefined ? 0 : Math.floor(performance.now() - use.answeredAtMs),
        ],
      )
    },
    async freeze(chat, ms) {
      const key = `${base}:frozen:${chat}`
      const isNew = await redis.set(key, '1', 'PX', ms, 'NX')
      if (isNew === null) await redis.pexpire(key, ms, 'GT')
    },
    async pausedMs(chat) {
      const { frozenMs, botPausedMs } = await readPauses(redis, base, chat)
      return Math.max(frozenMs, botPausedMs)
    },
    async action(chat, id, mayTakeMs) {
      return (await scripts.action(redis, [base], [chat, id, mayTakeMs])) === 1
    },
  }
}

/** For how long Telegram wants no calls to the chat, and of the whole bot whose keys begin with `base`; 0 for not at all. */
export async function readPauses(
  redis: RedisClient,
  base: string,
  chat: string,
): Promise<{ frozenMs: number; botPausedMs: number }> {
  const left = await Promise.all([redis.pttl(`${base}:frozen:${chat}`), redis.pttl(`${base}:pause`)])
  const [frozenMs, botPausedMs] = left.map((ms) => Math.max(0, ms)) as [number, number]
  return { frozenMs, botPausedMs }
}

/** The budgets of several bots, each under its own limits, by the bots' ids. */
export function createBudgets(options: {
  redis: RedisClient
  keys: Keys
  limits: ReadonlyMap<string, Limits>
}): Map<string, Budget> {
  const { redis, keys } = options
  const budgets = Array.from(options.limits, ([botId, limits]): [string, Budget] => [
    botId,
    createBudget({ redis, keys, botId, limits }),
  ])
  return new Map(budgets)
}

function readGranted(answer: string[]): Granted {
  const [kind, wait = '', busy, ...flat] = answer
  if (kind === 'lost') return { kind: 'lost' }
  const grants: Grant[] = []
  for (let i = 0; i + 2 < flat.length; i += 3) {
    grants.push({ chat: flat[i] ?? '', class: flat[i + 1] ?? '', id: flat[i + 2] ?? '' })
  }
  return { kind: 'granted', grants, waitMs: wait === '' ? undefined : Number(wait), busy: busy === '1' }
}

/** Gathers the calls of one tick into one: commits that end together ready their chats with one script. */
function batchPerTick(
  send: (pairs: string[]) => Promise<boolean>,
): (chat: string, headClass: string) => Promise<boolean> {
  let pairs: string[] = []
  let sent: Promise<boolean> | undefined
  return (chat, headClass) => {
    pairs.push(chat, headClass)
    sent ??= new Promise((resolve) => setImmediate(resolve)).then(() => {
      const batch = pairs
      pairs = []
      sent = undefined
      return send(batch)
    })
    return sent
  }
}
