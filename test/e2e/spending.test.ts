import { createSpend } from '@chatlane/chats'
import { createKeys } from '@chatlane/lanes'
import { until } from '@chatlane/test-kit'
import { expect, test } from 'vitest'
import { openStack, type Stack, TOKEN } from './stack.ts'

const BOT_ID = TOKEN.split(':')[0] ?? ''
const FIRST = 1000
const CHATS = 200

const replies = (stack: Stack, chat: number) =>
  stack.telegram
    .messages(chat)
    .filter(({ by }) => by === 'bot')
    .map(({ message }) => message.text ?? '')

const spendOf = ({ redis }: Stack) => {
  const keys = createKeys({ prefix: redis.prefix, shards: 1 })
  return createSpend({ redis: redis.connect() as never, keyPrefix: keys.bot(BOT_ID) })
}

test('200 chats whose requests would overrun a budget of $1 at once spend less, whoever dies', async () => {
  const stack = await openStack({
    environment: {
      MERGE_WINDOW_MS: '0',
      STREAMING: 'off',
      // $3 a million tokens in and $15 out: an answer costs some two and a half cents, and six are set aside for it.
      OPENROUTER_MODEL: 'anthropic/claude-sonnet-4.5',
      OPENROUTER_CONTINUE_MODELS: 'none',
      BUDGET_USD_PER_DAY: '1',
    },
    model: {
      answers: () => 'All that can be said. '.repeat(300),
      firstTokenMs: [100, 300],
      totalMs: [2000, 4000],
    },
  })
  const chats = Array.from({ length: CHATS }, (_, nth) => FIRST + nth)
  for (const id of chats) stack.telegram.phone.createUser({ id, languageCode: 'en' })
  await Promise.all([
    stack.start('gateway'),
    stack.start('sender'),
    stack.start('worker'),
    stack.start('worker'),
  ])
  const ask = (from: number) => stack.telegram.phone.sendText({ from, text: 'tell me all' })
  for (const id of chats) ask(id)
  for (let kills = 0; kills < 3; kills++) {
    const before = stack.model.ledger().requests
    await until(() => stack.model.ledger().requests > before || kills > 0)
    await stack
      .running()
      .find(({ name }) => name === 'worker')
      ?.kill()
    await stack.start('worker')
  }
  const isSettled = (chat: number) => replies(stack, chat).length === 1
  await until(() => chats.every(isSettled))
  const said = chats.flatMap((chat) => replies(stack, chat))
  const declined = said.filter((text) => text.startsWith("The bot's budget for today is spent."))
  const answered = said.filter((text) => text.startsWith('All that can be said.'))
  expect(declined.length + answered.length).toBe(CHATS)
  expect(declined.length).toBeGreaterThan(CHATS / 2)

  // What was set aside and not used is there for who asks again: most of the dollar is used in the end.
  await until(async () => (await spendOf(stack).spent('bot', '')).held.usd === 0)
  stack.model.setSpeed({ firstTokenMs: [10, 20], totalMs: [50, 100] })
  for (const id of chats) {
    const { day } = await spendOf(stack).spent('bot', '')
    if (day.usd > 0.6) break
    const count = replies(stack, id).length
    ask(id)
    await until(() => replies(stack, id).length > count)
  }
  await until(async () => (await spendOf(stack).spent('bot', '')).held.usd === 0)
  const { day } = await spendOf(stack).spent('bot', '')
  expect(day.usd).toBeGreaterThan(0.6)
  expect(day.usd).toBeLessThanOrEqual(1)
  expect(stack.model.ledger().costUsd).toBeLessThanOrEqual(day.usd + 1e-6)
}, 240_000)

test('a user’s limit holds in every chat, and /usage and the metrics tell of it', async () => {
  const stack = await openStack({
    environment: { MERGE_WINDOW_MS: '0', USER_BUDGET_TOKENS_PER_DAY: '6000', DENIED_USERS: '13' },
    model: { answers: () => 'word '.repeat(700) },
  })
  for (const id of [11, 12, 13])
    stack.telegram.phone.createUser({ id, languageCode: id === 12 ? 'ru' : 'en' })
  const group = stack.telegram.phone.createGroup({ members: [11, 12] }).id
  await Promise.all((['gateway', 'worker', 'sender'] as const).map((name) => stack.start(name)))
  const monitor = await (await stack.start('monitor')).address
  const nth = (chat: number, count: number) =>
    stack.telegram.waitUntil(() => replies(stack, chat)[count - 1], 30_000)
  const say = (from: number, text: string, chat?: number) =>
    stack.telegram.phone.sendText({ from, text, ...(chat !== undefined && { chat }) })
  for (let count = 1; ; count++) {
    say(11, `question ${count}`)
    if ((await nth(11, count))?.startsWith('You have used up')) break
    expect(count).toBeLessThan(10)
  }
  const inGroup = () => replies(stack, group).length
  // What is left may do for a question without a history.
  for (let count = 1; ; count++) {
    say(11, '@lane_bot and here?', group)
    if ((await nth(group, count))?.startsWith('You have used up')) break
    expect(count).toBeLessThan(10)
  }
  say(12, '@lane_bot а мне?', group)
  expect(await nth(group, inGroup() + 1)).toContain('word')
  say(12, '/usage@lane_bot', group)
  expect(await nth(group, inGroup() + 1)).toMatch(/^Вы израсходовали\nСегодня: токены: [\d\s]+ из 6\s000/)
  say(13, 'and I?')
  expect(await nth(13, 1)).toContain('not on the list')
  await until(async () => {
    const text = await (await fetch(`${monitor}/metrics`)).text()
    return /^chatlane_budget_spent_tokens\{[^}]*period="day"[^}]*\} \d{4,}$/m.test(text)
  })
}, 120_000)

test('who asks again too soon is told how long to wait, and a further try of the same question is none', async () => {
  const stack = await openStack({ environment: { MERGE_WINDOW_MS: '0', COOLDOWN_SECONDS: '600' } })
  stack.telegram.phone.createUser({ id: 11, languageCode: 'en' })
  await Promise.all((['gateway', 'worker', 'sender'] as const).map((name) => stack.start(name)))
  stack.model.faults.add({ preset: 'bad_gateway', times: 1 })
  stack.telegram.phone.sendText({ from: 11, text: 'one' })
  stack.telegram.phone.sendText({ from: 11, text: 'two' })
  stack.telegram.phone.sendText({ from: 11, text: '/help' })
  await stack.telegram.waitUntil(() => replies(stack, 11)[2], 30_000)
  const said = replies(stack, 11)
  expect(said.some((text) => /[0-9a-f]{64}/.test(text))).toBe(true)
  expect(said.some((text) => /One question at a time, please: ask again in \d+ s\./.test(text))).toBe(true)
  expect(stack.model.requests()).toHaveLength(2)
}, 60_000)
