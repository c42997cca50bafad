import { expect, test } from 'vitest'
import { atRest } from './rest.ts'
import { buttonsIn, recordShown, standing } from './shown.ts'
import { openStack, type Stack, TOKEN } from './stack.ts'

const ANNA = 11
const BORIS = 12
const CLARA = 13
const STANDARD = 'openai/gpt-4o-mini'
const SHARDS = 4
const BOT_ID = Number(TOKEN.split(':')[0])

/** Two workers over several shards, people of both languages, and groups whose administrators are Anna and Boris. */
async function openChoosing(environment: Record<string, string> = {}) {
  const stack = await openStack({
    environment: {
      MERGE_WINDOW_MS: '0',
      LANE_SHARDS: String(SHARDS),
      TELEGRAM_LIMIT_GROUP_PER_MINUTE: '10000',
      TELEGRAM_LIMIT_CHAT_PER_SECOND: '1000',
      SYSTEM_PROMPT: 'Be kind.',
      MODELS: '*',
      ...environment,
    },
  })
  const { telegram, model } = stack
  telegram.phone.createUser({ id: ANNA, firstName: 'Anna', languageCode: 'en' })
  telegram.phone.createUser({ id: BORIS, firstName: 'Борис', languageCode: 'ru' })
  telegram.phone.createUser({ id: CLARA, firstName: 'Clara', languageCode: 'en' })
  await Promise.all([
    stack.start('gateway'),
    stack.start('worker'),
    stack.start('worker'),
    stack.start('sender'),
  ])
  const shown = recordShown(stack)
  const createGroup = (options: { isForum?: boolean } = {}) =>
    telegram.phone.createGroup({ members: [ANNA, BORIS, CLARA], administrators: [BORIS], ...options }).id
  const buttonOf = async (chat: number, text: string) => {
    const found = () => buttonsIn(stack, chat).find((each) => each.text === text)
    await telegram.waitUntil(() => found() !== undefined, 20_000)
    return found() ?? { messageId: 0, data: '' }
  }
  /** Presses the button with this text once it is there. */
  const press = async (from: number, chat: number, text: string) => {
    const button = await buttonOf(chat, text)
    const where = chat === from ? { from } : { from, chat }
    telegram.phone.pressButton({ ...where, messageId: button.messageId, data: button.data })
  }
  const saidLast = (chat: number, text: string) =>
    telegram.waitUntil(() => standing(stack, chat).at(-1)?.includes(text), 20_000)
  const notices = (chat: number) => telegram.chat({ chat }).answers.map(({ text }) => text ?? '')
  /** Asks, and resolves with the request that the model gets. */
  const ask = async (where: { from: number; chat?: number; threadId?: number }, question: string) => {
    const text = where.chat === undefined ? question : `@lane_bot ${question}`
    telegram.phone.sendText({ ...where, text })
    // In a group who asks stands above the question.
    const isAsked = (content: unknown) =>
      typeof content === 'string' && content.split('\n').at(-1) === question
    const request = await model.waitFor(
      ({ messages, state }) => isAsked(messages.at(-1)?.content) && state === 'finished',
    )
    return { model: request.model, system: request.messages[0]?.content }
  }
  return { stack, telegram, shown, createGroup, buttonOf, press, saidLast, notices, ask }
}

/** What has become of all deliveries so far. */
async function deliveryOutcomes({ redis: { redis, prefix } }: Stack): Promise<string[]> {
  const tallies = await redis.keys(`${prefix}:*:tally`)
  const series = (await Promise.all(tallies.map((key) => redis.hkeys(key)))).flat()
  const outcomes = series.flatMap(
    (each) => /^chatlane_deliveries_total.*outcome="([\w-]+)"/.exec(each)?.[1] ?? [],
  )
  return [...new Set(outcomes)].sort()
}

test('paging and a search lead to a model, and the next request is its', async () => {
  const { telegram, press, saidLast, ask, stack, notices } = await openChoosing()
  expect(await ask({ from: ANNA }, 'first')).toEqual({ model: STANDARD, system: 'Be kind.' })
  telegram.phone.sendText({ from: ANNA, text: '/model' })
  await press(ANNA, ANNA, '›')
  await saidLast(ANNA, 'Llama 3.3 70B')
  await press(ANNA, ANNA, '›')
  await press(ANNA, ANNA, 'OpenAI: GPT-4.1')
  await telegram.waitUntil(() => notices(ANNA).includes('OpenAI: GPT-4.1 answers from now on.'), 20_000)
  expect((await ask({ from: ANNA }, 'second')).model).toBe('openai/gpt-4.1')
  telegram.phone.sendText({ from: ANNA, text: '/model claude 4.5' })
  await saidLast(ANNA, 'Found for “claude 4.5”: 2')
  await press(ANNA, ANNA, 'Anthropic: Claude Haiku 4.5')
  await press(ANNA, ANNA, '✓ Anthropic: Claude Haiku 4.5')
  expect((await ask({ from: ANNA }, 'third')).model).toBe('anthropic/claude-haiku-4.5')
  telegram.phone.sendText({ from: ANNA, text: '/model openai/gpt-4o' })
  await saidLast(ANNA, 'OpenAI: GPT-4o answers here.')
  expect((await ask({ from: ANNA }, 'fourth')).model).toBe('openai/gpt-4o')
  await telegram.waitUntil(() => standing(stack, ANNA).length === 7, 20_000)
  expect(await ask({ from: BORIS }, 'fifth')).toEqual({ model: STANDARD, system: 'Be kind.' })
  await telegram.waitUntil(() => standing(stack, BORIS).length === 1, 20_000)
  // A press of what is chosen already edits the message to what it is.
  expect(await deliveryOutcomes(stack)).toEqual(['sent'])
}, 90_000)

test('two administrators’ presses and a message at once on two workers lose nothing of each other', async () => {
  const { telegram, createGroup, press, ask, saidLast, shown } = await openChoosing()
  const groups = Array.from({ length: 8 }, () => createGroup())
  for (const chat of groups) telegram.phone.sendText({ from: ANNA, chat, text: '/model@lane_bot grok' })
  for (const chat of groups) await saidLast(chat, 'Found for “grok”')
  for (const chat of groups) telegram.phone.sendText({ from: BORIS, chat, text: '/settings@lane_bot' })
  for (const chat of groups) await press(BORIS, chat, 'Как показывать ответы')
  const chosen = groups.map(async (chat) => {
    await telegram.waitUntil(() => shown(chat).at(-1)?.buttons.includes('Сразу целиком'), 20_000)
    await Promise.all([
      press(ANNA, chat, 'xAI: Grok 4'),
      press(BORIS, chat, 'Сразу целиком'),
      ask({ from: CLARA, chat }, `between ${chat}`),
    ])
    await press(ANNA, chat, '✓ xAI: Grok 4')
    await telegram.waitUntil(() => shown(chat).some(({ text }) => text.includes('сразу целиком')), 20_000)
    expect((await ask({ from: CLARA, chat }, `after ${chat}`)).model).toBe('x-ai/grok-4')
    telegram.phone.sendText({ from: CLARA, chat, text: '/settings@lane_bot' })
    await saidLast(chat, 'Model: xAI: Grok 4')
    await saidLast(chat, 'Answers come whole')
  })
  await Promise.all(chosen)
}, 120_000)

test('presses whose workers are killed are kept in order, and their messages end as was chosen', async () => {
  const { telegram, stack, createGroup, buttonOf, saidLast, ask } = await openChoosing()
  const models = ['OpenAI: GPT-5', 'OpenAI: GPT-5 Mini', 'OpenAI: GPT-5 Nano']
  const cards = await Promise.all(
    Array.from({ length: 8 }, async (_, nth) => {
      const [chat, from] = [createGroup(), nth % 2 === 0 ? ANNA : BORIS]
      telegram.phone.sendText({ from, chat, text: '/model@lane_bot gpt-5' })
      return { chat, from, buttons: await Promise.all(models.map((name) => buttonOf(chat, name))) }
    }),
  )
  // A press whose worker died between answering and noting that is answered again.
  const answered = () => {
    const answers = cards.flatMap(({ chat }) => telegram.chat({ chat }).answers)
    return new Set(answers.map(({ queryId }) => queryId)).size
  }
  for (let round = 0; round < 3; round++) {
    const before = answered()
    for (const nth of models.keys()) {
      for (const { chat, from, buttons } of cards) {
        const { messageId = 0, data = '' } = buttons[nth] ?? {}
        telegram.phone.pressButton({ from, chat, messageId, data, isStale: true })
      }
    }
    // Some presses are done, others wait or are half done.
    await telegram.waitUntil(() => answered() > before + 2, 20_000)
    const [oldest] = stack.running().filter(({ name }) => name === 'worker')
    await Promise.all([oldest?.kill(), stack.start('worker')])
  }
  const isTicked = ({ chat }: { chat: number }) =>
    buttonsIn(stack, chat).some(({ text }) => text === '✓ OpenAI: GPT-5 Nano')
  await telegram.waitUntil(() => answered() >= 3 * models.length * cards.length, 60_000)
  // A press that waits behind a dead worker's is answered ahead of its turn, and an earlier round ticked the same button.
  await atRest(stack.redis, SHARDS)
  expect(cards.filter((card) => !isTicked(card))).toEqual([])
  for (const { chat } of cards) {
    expect((await ask({ from: CLARA, chat }, `of ${chat}`)).model).toBe('openai/gpt-5-nano')
    telegram.phone.sendText({ from: CLARA, chat, text: '/settings@lane_bot' })
    await saidLast(chat, 'Model: OpenAI: GPT-5 Nano')
  }
  expect(cards.filter(isTicked)).toHaveLength(cards.length)
}, 120_000)

test('/system waits for its text over the death of every worker', async () => {
  const { telegram, stack, saidLast, ask } = await openChoosing()
  telegram.phone.sendText({ from: ANNA, text: '/system' })
  await saidLast(ANNA, 'send the new system prompt')
  await Promise.all(
    stack
      .running()
      .filter(({ name }) => name === 'worker')
      .map((worker) => worker.kill()),
  )
  telegram.phone.sendText({ from: ANNA, text: 'You are a pirate.' })
  await stack.start('worker')
  await saidLast(ANNA, 'Done: the model is told this')
  expect(stack.model.requests()).toEqual([])
  expect((await ask({ from: ANNA }, 'hello')).system).toBe('You are a pirate.')
  telegram.phone.sendText({ from: ANNA, text: '/system default' })
  await saidLast(ANNA, "The bot's own system prompt holds.")
  expect((await ask({ from: ANNA }, 'again')).system).toBe('Be kind.')
}, 90_000)

test('/system is left by its button, by /cancel and by time; what is written then is a question', async () => {
  const { telegram, press, saidLast, ask, stack, notices, buttonOf } = await openChoosing()
  const { phone } = telegram
  phone.sendText({ from: BORIS, text: '/system' })
  const asked = await buttonOf(BORIS, 'Отмена')
  await press(BORIS, BORIS, 'Отмена')
  await saidLast(BORIS, 'Всё остаётся как есть.')
  expect((await ask({ from: BORIS }, 'раз')).system).toBe('Be kind.')
  phone.pressButton({ from: BORIS, messageId: asked.messageId, data: asked.data, isStale: true })
  await telegram.waitUntil(() => notices(BORIS).some((text) => text.includes('Эта кнопка устарела')), 20_000)
  phone.sendText({ from: BORIS, text: '/system' })
  await saidLast(BORIS, 'пришлите новую инструкцию')
  phone.sendText({ from: BORIS, text: '/cancel' })
  await saidLast(BORIS, 'Всё остаётся как есть.')
  expect((await ask({ from: BORIS }, 'два')).system).toBe('Be kind.')
  const asking = phone.sendText({ from: BORIS, text: '/system' })
  await saidLast(BORIS, 'пришлите новую инструкцию')
  const late = { ...asking, message_id: asking.message_id + 1000, date: asking.date + 601, text: 'три' }
  phone.injectUpdate({ bot: BOT_ID, update: { message: { ...late, entities: undefined } } })
  const request = await stack.model.waitFor(({ messages }) => messages.at(-1)?.content === 'три')
  expect(request.messages[0]?.content).toBe('Be kind.')
}, 90_000)

test('a topic goes before its chat, and that before the deployment', async () => {
  const { telegram, createGroup, press, saidLast, ask } = await openChoosing()
  const chat = createGroup({ isForum: true })
  const [one = 0, two = 0] = ['one', 'two'].map((name) =>
    telegram.phone.createTopic({ from: ANNA, chat, name }),
  )
  const say = (text: string, threadId?: number) =>
    telegram.phone.sendText({ from: ANNA, chat, text, ...(threadId !== undefined && { threadId }) })
  say('/model@lane_bot openai/gpt-4o', one)
  await saidLast(chat, 'OpenAI: GPT-4o answers here. Changes hold in this topic.')
  expect((await ask({ from: CLARA, chat, threadId: one }, 'a')).model).toBe('openai/gpt-4o')
  expect((await ask({ from: CLARA, chat, threadId: two }, 'b')).model).toBe(STANDARD)
  say('/settings@lane_bot', two)
  await press(ANNA, chat, 'Whole chat')
  await press(ANNA, chat, '✓ Whole chat')
  say('/model@lane_bot x-ai/grok-4', two)
  await saidLast(chat, 'xAI: Grok 4 answers here. Changes hold in the whole chat.')
  for (const [question, where, model] of [
    ['in one', { threadId: one }, 'openai/gpt-4o'],
    ['in two', { threadId: two }, 'x-ai/grok-4'],
    ['in no topic', {}, 'x-ai/grok-4'],
  ] as const)
    expect((await ask({ from: CLARA, chat, ...where }, question)).model, question).toBe(model)
  say('/system@lane_bot Be a pirate.', one)
  await saidLast(chat, 'Done: the model is told this')
  expect((await ask({ from: CLARA, chat, threadId: one }, 'c')).system).toBe('Be a pirate.')
  expect((await ask({ from: CLARA, chat, threadId: two }, 'd')).system).toBe('Be kind.')
}, 120_000)

test('who does not administer a group changes nothing by command or press, and is told', async () => {
  const { telegram, createGroup, press, saidLast, ask, notices, stack } = await openChoosing()
  const chat = createGroup()
  for (const text of ['/model@lane_bot openai/gpt-4o', '/system@lane_bot Be rude.', '/settings@lane_bot']) {
    const before = standing(stack, chat).length
    telegram.phone.sendText({ from: CLARA, chat, text })
    await telegram.waitUntil(() => standing(stack, chat).length > before, 20_000)
    await saidLast(chat, 'only administrators can change this')
  }
  expect(buttonsIn(stack, chat)).toEqual([])
  telegram.phone.sendText({ from: BORIS, chat, text: '/model@lane_bot gpt-4o' })
  await press(CLARA, chat, 'OpenAI: GPT-4o')
  await telegram.waitUntil(() => notices(chat).some((text) => text.includes('only administrators')), 20_000)
  expect(await ask({ from: CLARA, chat }, 'hello')).toEqual({ model: STANDARD, system: 'Be kind.' })
}, 90_000)

test('a button of a model that is no longer offered, and a model that is gone, are told of', async () => {
  const { telegram, stack, press, saidLast, ask, notices } = await openChoosing()
  telegram.phone.sendText({ from: ANNA, text: '/model openai/gpt-4o' })
  await saidLast(ANNA, 'GPT-4o answers here')
  telegram.phone.sendText({ from: ANNA, text: '/model grok' })
  await saidLast(ANNA, 'Found for “grok”')
  const workers = stack.running().filter(({ name }) => name === 'worker')
  await Promise.all(workers.map((worker) => worker.kill()))
  await stack.start('worker', { MODELS: 'anthropic/*' })
  await press(ANNA, ANNA, 'xAI: Grok 4')
  await telegram.waitUntil(() => notices(ANNA).some((text) => text.includes('no longer offered')), 20_000)
  await saidLast(ANNA, 'Anthropic: Claude Opus 4.1')
  expect((await ask({ from: ANNA }, 'hello')).model).toBe(STANDARD)
  await telegram.waitUntil(() => standing(stack, ANNA).length === 4, 20_000)
  expect(standing(stack, ANNA)[2]).toBe(
    'The model openai/gpt-4o is no longer offered. The default one answers from now on: /model',
  )
  expect((await ask({ from: ANNA }, 'again')).model).toBe(STANDARD)
  await telegram.waitUntil(() => standing(stack, ANNA).length === 5, 20_000)
}, 90_000)
