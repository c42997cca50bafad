/** What a bot, its users and its chats spend on models: set aside before a request, counted by what it really cost. */
import { loadScript, type RedisClient } from '@chatlane/runtime'

const load = (name: string) => loadScript(new URL(`./lua/${name}.lua`, import.meta.url))
const scripts = {
  reserve: load('reserve'),
  settle: load('settle'),
  hold: load('hold'),
  overdue: load('overdue'),
}

/** What may be spent in a day and in a month (UTC); what is undefined is not limited. */
export interface SpendLimit {
  usdPerDay?: number | undefined
  tokensPerDay?: number | undefined
  usdPerMonth?: number | undefined
  tokensPerMonth?: number | undefined
}

/** Whose limit is meant: all of the bot's, one user's, one chat's. */
export type SpendScope = 'bot' | 'user' | 'chat'

/** What each may spend, and how often a user may ask. */
export interface SpendLimits extends Record<SpendScope, SpendLimit> {
  /** The least time between two questions of a user; 0: any. */
  cooldownMs: number
}

/** Who spends. */
export interface Spender {
  userId: string
  chatId: string
}

/** What a request may cost at most. */
export interface Want extends Spender {
  /** Of this one request. Repeating it sets nothing aside twice. */
  id: string
  /** The question that it is made for: its own further requests need not wait for the cooldown. */
  questionId: string
  promptTokens: number
  promptUsdPerToken: number
  /** The longest answer; it shrinks to what is left. */
  replyTokens: number
  replyUsdPerToken: number
}

/** What came of reserving. `spent`: that limit leaves nothing worth asking for. */
export type Reserved =
  | { kind: 'granted'; replyTokens: number }
  | { kind: 'spent'; scope: SpendScope; period: 'day' | 'month' }
  | { kind: 'cooling'; waitMs: number }

/** What something cost. */
export interface Cost {
  tokens: number
  usd: number
}

/** A reservation whose worker does not prolong it any more. */
export interface Overdue extends Spender {
  id: string
  /** OpenRouter's name of the request, where it was known in time. */
  generationId?: string
}

/** What one subject has spent in the period that goes on, and what open reservations hold. */
export interface Spent {
  day: Cost
  month: Cost
  held: Cost
}

/** The spends of one bot. Each call is one Lua call, and safe to repeat. */
export interface Spend {
  reserve(want: Want, limits: SpendLimits): Promise<Reserved>
  /** Counts what the request cost, once; `'all'` is as much as was set aside. False where it was settled before. */
  settle(hold: Spender & { id: string }, cost: Cost | 'all'): Promise<boolean>
  /** Notes under which name OpenRouter knows the request. */
  nameGeneration(id: string, generationId: string): Promise<void>
  /** Says that the requests are still under way: {@link HOLD_MS} from now on. */
  prolong(ids: readonly string[]): Promise<void>
  overdue(): Promise<Overdue[]>
  spent(scope: SpendScope, id: string): Promise<Spent>
  /** How long a user has to wait with a question; 0 where not at all. */
  coolingMs(asked: { userId: string; questionId: string; cooldownMs: number }): Promise<number>
}

/** How long a reservation stands that is not prolonged: what a killed worker held is taken over within 20 s. */
export const HOLD_MS = 15_000
/** An answer that would be shorter is not worth its question. */
const LEAST_REPLY_TOKENS = 256
/** Longer than a month. */
const KEPT_SECONDS = 40 * 24 * 3600
const MOST_OVERDUE = 100
/** Costs are kept in whole billionths of a dollar: sums of fractions would drift. */
const NANOS = 1e9
const SCOPES: readonly SpendScope[] = ['bot', 'user', 'chat']

/** The spend under `keyPrefix`, which belongs to one bot. `now` answers the time in ms, for the day and the month. */
export function createSpend(options: {
  redis: RedisClient
  keyPrefix: string
  now?: () => number
  /** {@link HOLD_MS}, where a test can't wait for it. */
  holdMs?: number
}): Spend {
  const { redis, keyPrefix, now = Date.now, holdMs = HOLD_MS } = options
  const key = (scope: SpendScope, id: string) =>
    `${keyPrefix}:spent:${scope}${scope === 'bot' ? '' : `:${id}`}`
  const keysOf = ({ userId, chatId }: Spender) => [key('bot', ''), key('user', userId), key('chat', chatId)]
  const holdKeys = [`${keyPrefix}:holds`, `${keyPrefix}:holdsdue`]
  const periods = () => {
    const date = new Date(now()).toISOString()
    return [date.slice(0, 10), date.slice(0, 7)]
  }
  return {
    async reserve(want, limits) {
      const answer = (await scripts.reserve(
        redis,
        [...keysOf(want), ...holdKeys],
        [
          want.id,
          ...periods(),
          want.userId,
          want.chatId,
          holdMs,
          Math.ceil(want.promptTokens),
          Math.ceil(want.promptTokens * want.promptUsdPerToken * NANOS),
          Math.floor(want.replyTokens),
          want.replyUsdPerToken * NANOS,
          LEAST_REPLY_TOKENS,
          limits.cooldownMs,
          want.questionId,
          KEPT_SECONDS,
          ...SCOPES.flatMap((scope) => limitArguments(limits[scope])),
        ],
      )) as [Reserved['kind'], string | number, ('day' | 'month')?]
      const [kind, value, period] = answer
      if (kind === 'granted') return { kind, replyTokens: Number(value) }
      if (kind === 'cooling') return { kind, waitMs: Number(value) }
      return { kind, scope: SCOPES[Number(value) - 1] ?? 'bot', period: period ?? 'day' }
    },
    async settle(hold, cost) {
      const real = cost === 'all' ? ['', ''] : [Math.ceil(cost.tokens), Math.ceil(cost.usd * NANOS)]
      const args = [hold.id, ...periods(), ...real, KEPT_SECONDS]
      return (await scripts.settle(redis, [...keysOf(hold), ...holdKeys], args)) === 1
    },
    nameGeneration: async (id, generationId) =>
      void (await scripts.hold(redis, holdKeys, [holdMs, generationId, id])),
    async prolong(ids) {
      if (ids.length > 0) await scripts.hold(redis, holdKeys, [holdMs, '', ...ids])
    },
    async overdue() {
      const found = (await scripts.overdue(redis, holdKeys, [MOST_OVERDUE])) as string[]
      return found.flatMap((id, nth) => (nth % 2 === 0 ? [readHold(id, found[nth + 1] ?? '')] : []))
    },
    async coolingMs({ userId, questionId, cooldownMs }) {
      if (cooldownMs === 0) return 0
      const [last, lastQuestion] = await redis.hmget(key('user', userId), 'q', 'qi')
      if (!last || lastQuestion === questionId) return 0
      const [seconds, micros] = await redis.time()
      return Math.max(0, Number(last) + cooldownMs - (Number(seconds) * 1000 + Number(micros) / 1000))
    },
    async spent(scope, id) {
      const fields = ['d', 'du', 'dt', 'm', 'mu', 'mt', 'hu', 'ht']
      const [day, du, dt, month, mu, mt, hu, ht] = await redis.hmget(key(scope, id), ...fields)
      const [today = '', thisMonth = ''] = periods()
      return {
        day: (day ?? '') < today ? costOf() : costOf(du, dt),
        month: (month ?? '') < thisMonth ? costOf() : costOf(mu, mt),
        held: costOf(hu, ht),
      }
    },
  }
}

/** Which of the limit's periods leaves nothing; undefined where both leave something. */
export function isSpent({ day, month, held }: Spent, limit: SpendLimit): 'day' | 'month' | undefined {
  const isReached = (most: number | undefined, spent: number) => most !== undefined && spent >= most
  if (isReached(limit.usdPerDay, day.usd + held.usd)) return 'day'
  if (isReached(limit.tokensPerDay, day.tokens + held.tokens)) return 'day'
  if (isReached(limit.usdPerMonth, month.usd + held.usd)) return 'month'
  return isReached(limit.tokensPerMonth, month.tokens + held.tokens) ? 'month' : undefined
}

/** Whether all that everybody together may spend has a bound. */
export function isBounded({ bot }: SpendLimits): boolean {
  return Object.values(bot).some((most) => most !== undefined)
}

function limitArguments({ usdPerDay, tokensPerDay, usdPerMonth, tokensPerMonth }: SpendLimit) {
  const nanos = (usd: number | undefined) => (usd === undefined ? '' : Math.floor(usd * NANOS))
  return [nanos(usdPerDay), tokensPerDay ?? '', nanos(usdPerMonth), tokensPerMonth ?? '']
}

function readHold(id: string, record: string): Overdue {
  const [userId = '', chatId = '', , , generationId = ''] = record.split('|')
  return { id, userId, chatId, ...(generationId !== '' && { generationId }) }
}

function costOf(nanos: string | null = '0', tokens: string | null = '0'): Cost {
  return { usd: Number(nanos ?? 0) / NANOS, tokens: Number(tokens ?? 0) }
}
