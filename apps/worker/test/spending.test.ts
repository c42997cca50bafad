import { createSpend, type SpendLimits } from '@chatlane/chats'
import { createKeys } from '@chatlane/lanes'
import type { AnswerOutcome, Model, Usage } from '@chatlane/openrouter'
import { createLog, createTally } from '@chatlane/runtime'
import { openTestRedis } from '@chatlane/test-kit'
import { expect, onTestFinished, test } from 'vitest'
import { createSpending } from '../src/spending.ts'

const BOT = '7001'
const USAGE: Usage = { promptTokens: 100, completionTokens: 50, costUsd: 0.002 }
const LIMITS: SpendLimits = { bot: { usdPerDay: 0.1 }, user: {}, chat: {}, cooldownMs: 0 }
const MODEL: Model = {
  id: 'acme/one',
  name: 'One',
  contextLength: 10_000,
  promptUsdPerToken: 1e-5,
  completionUsdPerToken: 1e-5,
}
const answered: AnswerOutcome = {
  kind: 'answered',
  text: 'yes',
  finishReason: 'stop',
  model: MODEL.id,
  usage: { ...USAGE, isKnown: true },
  firstTokenMs: 1,
  totalMs: 2,
}

type Place = ReturnType<typeof openTestRedis>

/** Spending over real Redis, and an OpenRouter that knows what `costs` says of its requests. */
function openSpending(options: { costs?: Record<string, Usage>; models?: Model[]; place?: Place } = {}) {
  const { costs = {}, models = [MODEL], place = openTestRedis() } = options
  const { redis, prefix } = place
  const keys = createKeys({ prefix, shards: 1 })
  const spend = createSpend({ redis, keyPrefix: keys.bot(BOT) })
  const tally = createTally({ redis, key: keys.ofShard(0, 'tally') })
  const spending = createSpending({
    ...{ redis, keys, tally },
    spend: () => spend,
    limits: () => LIMITS,
    botIds: [BOT],
    catalogue: { all: async () => models, find: async (id) => models.find((model) => model.id === id) },
    openRouter: {
      async usageOf(id) {
        const value = costs[id]
        if (value) return { kind: 'known', value }
        return { kind: 'failed', fault: { code: 'model_gone', retryable: false, detail: '' } }
      },
    },
    log: createLog({ service: 'test', level: 'silent' }),
  })
  onTestFinished(async () => {
    await spending.stop()
    await tally.stop()
  })
  const purchase = {
    ...{ botId: BOT, userId: '7', chatId: '7', questionId: 'q', models: [MODEL.id] },
    ...{ promptTokens: 100, replyTokens: 1000 },
  }
  return { spending, purchase, spent: () => spend.spent('bot', '') }
}

test('an answer costs what OpenRouter says, and while it is made what it may cost', async () => {
  const { spending, purchase, spent } = openSpending()
  const outcome = await spending.answer(purchase, async ({ replyTokens }) => {
    expect(replyTokens).toBe(1000)
    // The prompt's estimate and a half, and the longest answer.
    expect((await spent()).held).toEqual({ tokens: 1150, usd: 0.0115 })
    return answered
  })
  expect(outcome).toBe(answered)
  const cost = { tokens: 150, usd: 0.002 }
  expect(await spent()).toEqual({ day: cost, month: cost, held: { tokens: 0, usd: 0 } })
})

test('nothing is asked where nobody may pay', async () => {
  const { spending, purchase } = openSpending()
  const dear = { ...purchase, promptTokens: 10_000 }
  const outcome = await spending.answer(dear, () => expect.fail('it was asked'))
  const decline = { why: 'spent', whose: 'bot', period: 'day' }
  expect(outcome).toEqual({ kind: 'declined', decline })
  expect(await spending.declined(BOT, purchase)).toBeUndefined()
  expect(await spending.transcription(dear, () => expect.fail('it was asked'))).toEqual(decline)
})

test('a request that came to nothing costs nothing', async () => {
  const { spending, purchase, spent } = openSpending()
  const fault = { code: 'no_credits', retryable: false, detail: '' } as const
  await spending.answer(purchase, async () => ({ kind: 'failed', fault, partial: '' }))
  expect(await spent()).toMatchObject({ day: { tokens: 0, usd: 0 }, held: { tokens: 0, usd: 0 } })
})

test('an answer that broke off is paid as OpenRouter says some time later, and held until then', async () => {
  const { spending, purchase, spent } = openSpending({ costs: { 'gen-1': USAGE } })
  await spending.answer(purchase, async ({ onGeneration }) => {
    onGeneration('gen-1')
    return { kind: 'aborted', partial: 'ye', generationId: 'gen-1' }
  })
  expect((await spent()).held.usd).toBe(0.0115)
  await expect.poll(spent, { timeout: 10_000 }).toMatchObject({ day: { usd: 0.002 }, held: { usd: 0 } })
}, 20_000)

test('what a dead worker has set aside costs what OpenRouter says, and all of it where it says nothing', async () => {
  const place = openTestRedis()
  const keyPrefix = createKeys({ prefix: place.prefix, shards: 1 }).bot(BOT)
  const dead = createSpend({ redis: place.redis, keyPrefix, holdMs: 1 })
  const tokens = { promptTokens: 100, replyTokens: 1000, promptUsdPerToken: 1e-5, replyUsdPerToken: 1e-5 }
  const want = { userId: '7', chatId: '7', questionId: 'q', ...tokens }
  await dead.reserve({ ...want, id: 'named' }, LIMITS)
  await dead.nameGeneration('named', 'gen-1')
  await dead.reserve({ ...want, id: 'unnamed' }, LIMITS)
  const { spent } = openSpending({ costs: { 'gen-1': USAGE }, place })
  await expect.poll(spent, { timeout: 15_000 }).toMatchObject({
    day: { usd: expect.closeTo(0.002 + 0.011), tokens: 150 + 1100 },
    held: { usd: 0, tokens: 0 },
  })
}, 20_000)

test('what is written down of a sound costs what it did', async () => {
  const { spending, purchase, spent } = openSpending()
  expect(await spending.transcription(purchase, async () => 0.001)).toBeUndefined()
  expect(await spent()).toMatchObject({ day: { usd: 0.001 }, held: { usd: 0 } })
  expect(await spending.transcription(purchase, async () => undefined)).toBeUndefined()
  expect(await spent()).toMatchObject({ day: { usd: 0.001 }, held: { usd: 0 } })
})
