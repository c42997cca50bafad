import { openTestRedis } from '@chatlane/test-kit'
import { expect, test } from 'vitest'
import { createSpend, type SpendLimits, type Want } from '../src/spend.ts'

const NO_LIMITS: SpendLimits = { bot: {}, user: {}, chat: {}, cooldownMs: 0 }
const START = Date.parse('2026-11-30T23:59:59.000Z')

/** Requests of 100 tokens of prompt and up to 900 of answer, a cent the thousand: at most a cent each. */
function openSpend(options: { holdMs?: number } = {}) {
  const { redis, prefix } = openTestRedis()
  let nowMs = START
  const spend = createSpend({ redis, keyPrefix: `${prefix}:{b1}`, now: () => nowMs, ...options })
  const want = (id: string, more: Partial<Want> = {}): Want => ({
    id,
    questionId: id,
    userId: '7',
    chatId: '7',
    promptTokens: 100,
    promptUsdPerToken: 1e-5,
    replyTokens: 900,
    replyUsdPerToken: 1e-5,
    ...more,
  })
  const pass = (ms: number) => {
    nowMs += ms
  }
  return { redis, prefix, spend, want, pass }
}

const HOLD = (id: string) => ({ id, userId: '7', chatId: '7' })

test('however many requests begin at once, no more is set aside than is left', async () => {
  const { spend, want } = openSpend()
  const limits = { ...NO_LIMITS, bot: { usdPerDay: 0.1 } }
  const asked = Array.from({ length: 100 }, (_, nth) =>
    spend.reserve(want(`r${nth}`, { userId: `u${nth}`, chatId: `c${nth}` }), limits),
  )
  const answers = await Promise.all(asked)
  expect(answers.filter(({ kind }) => kind === 'granted')).toHaveLength(10)
  expect(answers.find(({ kind }) => kind === 'spent')).toEqual({ kind: 'spent', scope: 'bot', period: 'day' })
  expect((await spend.spent('bot', '')).held).toEqual({ usd: 0.1, tokens: 10_000 })
})

test('what was set aside and not used is free again, and what was used is spent by all who spend it', async () => {
  const { spend, want } = openSpend()
  await spend.reserve(want('r', { chatId: '-5' }), NO_LIMITS)
  expect(await spend.settle({ ...HOLD('r'), chatId: '-5' }, { tokens: 300, usd: 0.003 })).toBe(true)
  for (const [scope, id] of [
    ['bot', ''],
    ['user', '7'],
    ['chat', '-5'],
  ] as const) {
    const cost = { usd: 0.003, tokens: 300 }
    expect(await spend.spent(scope, id)).toEqual({ day: cost, month: cost, held: { usd: 0, tokens: 0 } })
  }
  expect((await spend.spent('chat', '7')).month.tokens).toBe(0)
})

test('a request is settled once, whoever settles it', async () => {
  const { spend, want } = openSpend()
  await spend.reserve(want('r'), NO_LIMITS)
  expect(await spend.settle(HOLD('r'), 'all')).toBe(true)
  expect(await spend.settle(HOLD('r'), { tokens: 1, usd: 1 })).toBe(false)
  expect((await spend.spent('bot', '')).day).toEqual({ usd: 0.01, tokens: 1000 })
  expect(await spend.settle(HOLD('unknown'), 'all')).toBe(false)
})

test('a reservation that is asked for again sets nothing aside twice', async () => {
  const { spend, want } = openSpend()
  const first = await spend.reserve(want('r'), NO_LIMITS)
  expect(await spend.reserve(want('r'), NO_LIMITS)).toEqual(first)
  expect((await spend.spent('bot', '')).held.tokens).toBe(1000)
})

test('an answer shrinks to what is left, down to the shortest that is worth it', async () => {
  const { spend, want } = openSpend()
  const withDollars = (usdPerDay: number) => ({ ...NO_LIMITS, user: { usdPerDay } })
  expect(await spend.reserve(want('a'), withDollars(0.005))).toEqual({ kind: 'granted', replyTokens: 400 })
  const spent = { kind: 'spent', scope: 'user', period: 'day' }
  expect(await spend.reserve(want('b'), withDollars(0.0085))).toEqual(spent)
  const withTokens = { ...NO_LIMITS, chat: { tokensPerMonth: 900 } }
  expect(await spend.reserve(want('c'), withTokens)).toEqual({ kind: 'granted', replyTokens: 300 })
  // A model that answers in less than that is asked where all of it fits.
  const short = want('d', { userId: '8', chatId: '8', replyTokens: 50 })
  expect(await spend.reserve(short, { ...NO_LIMITS, chat: { tokensPerDay: 150 } })).toEqual({
    kind: 'granted',
    replyTokens: 50,
  })
})

test('each limit is told by whose it is and when it opens', async () => {
  const { spend, want } = openSpend()
  await spend.reserve(want('r'), NO_LIMITS)
  for (const scope of ['bot', 'user', 'chat'] as const)
    for (const [limit, period] of [
      [{ usdPerDay: 0.01 }, 'day'],
      [{ tokensPerDay: 1000 }, 'day'],
      [{ usdPerMonth: 0.01 }, 'month'],
      [{ tokensPerMonth: 1000 }, 'month'],
    ] as const)
      expect(await spend.reserve(want('more'), { ...NO_LIMITS, [scope]: limit })).toEqual({
        kind: 'spent',
        scope,
        period,
      })
})

test('a day ends with the day and a month with the month in UTC, and a clock that is behind brings neither back', async () => {
  const { spend, want, pass } = openSpend()
  await spend.reserve(want('r'), NO_LIMITS)
  await spend.settle(HOLD('r'), 'all')
  pass(-24 * 3600_000)
  expect((await spend.spent('user', '7')).day.tokens).toBe(1000)
  await spend.reserve(want('behind'), NO_LIMITS)
  await spend.settle(HOLD('behind'), 'all')
  pass(24 * 3600_000)
  expect((await spend.spent('user', '7')).day.tokens).toBe(2000)
  pass(1000)
  expect(await spend.spent('user', '7')).toMatchObject({ day: { tokens: 0 }, month: { tokens: 0 } })
  await spend.reserve(want('next'), { ...NO_LIMITS, bot: { tokensPerDay: 1000, tokensPerMonth: 1000 } })
  await spend.settle(HOLD('next'), 'all')
  expect(await spend.spent('user', '7')).toMatchObject({ day: { tokens: 1000 }, month: { tokens: 1000 } })
})

test('free models cost no money, but tokens', async () => {
  const { spend, want } = openSpend()
  const free = want('r', { promptUsdPerToken: 0, replyUsdPerToken: 0 })
  expect(await spend.reserve(free, { ...NO_LIMITS, bot: { usdPerDay: 0.000001 } })).toMatchObject({
    kind: 'granted',
  })
  expect((await spend.spent('bot', '')).held).toEqual({ usd: 0, tokens: 1000 })
})

test('who asked a moment ago waits, but for the further requests of the same question', async () => {
  const { spend, want } = openSpend()
  const limits = { ...NO_LIMITS, cooldownMs: 60_000 }
  await spend.reserve(want('a', { questionId: 'q1' }), limits)
  expect(await spend.reserve(want('b', { questionId: 'q1' }), limits)).toMatchObject({ kind: 'granted' })
  const next = await spend.reserve(want('c', { questionId: 'q2' }), limits)
  expect(next).toMatchObject({ kind: 'cooling' })
  const waiting = (questionId: string) => spend.coolingMs({ userId: '7', questionId, cooldownMs: 60_000 })
  expect(await waiting('q1')).toBe(0)
  expect(await waiting('q2')).toBeGreaterThan(0)
  expect(next.kind === 'cooling' && next.waitMs > 0 && next.waitMs <= 60_000).toBe(true)
  expect(await spend.reserve(want('d', { userId: '8', questionId: 'q3' }), limits)).toMatchObject({
    kind: 'granted',
  })
})

test('what nobody prolongs is overdue, with the name under which OpenRouter knows it', async () => {
  const { spend, want } = openSpend({ holdMs: 1 })
  const living = openSpend()
  await spend.reserve(want('dead', { chatId: '-5' }), NO_LIMITS)
  await spend.nameGeneration('dead', 'gen-1')
  await living.spend.reserve(living.want('living'), NO_LIMITS)
  await living.spend.prolong(['living'])
  await expect
    .poll(() => spend.overdue())
    .toEqual([{ id: 'dead', userId: '7', chatId: '-5', generationId: 'gen-1' }])
  expect(await living.spend.overdue()).toEqual([])
  await spend.settle({ ...HOLD('dead'), chatId: '-5' }, 'all')
  await spend.prolong(['dead'])
  await spend.nameGeneration('dead', 'gen-2')
  expect(await spend.overdue()).toEqual([])
})

test('what was spent is not kept for ever, and bots spend apart', async () => {
  const { redis, prefix, spend, want } = openSpend()
  await spend.reserve(want('r'), NO_LIMITS)
  expect(await redis.ttl(`${prefix}:{b1}:spent:user:7`)).toBeGreaterThan(31 * 24 * 3600)
  const other = createSpend({ redis, keyPrefix: `${prefix}:{b2}` })
  expect((await other.spent('user', '7')).held.tokens).toBe(0)
})
