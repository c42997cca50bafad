import { until } from '@chatlane/test-kit'
import { expect, test } from 'vitest'
import { longAnswer } from './long-answers.ts'
import { openStack } from './stack.ts'

const ANNA = 11
const BORIS = 12
const UNITS = 1500

/** A forum with two topics; what is asked at length is answered slowly. */
async function openForum() {
  const stack = await openStack({
    environment: { MERGE_WINDOW_MS: '0', TELEGRAM_LIMIT_GROUP_PER_MINUTE: '1000' },
    model: { answers: longAnswer(UNITS), firstTokenMs: [100, 200], totalMs: [15_000, 15_000] },
  })
  const { telegram } = stack
  telegram.phone.createUser({ id: ANNA, firstName: 'Anna', languageCode: 'en' })
  telegram.phone.createUser({ id: BORIS, firstName: 'Борис', languageCode: 'ru' })
  const forum = telegram.phone.createGroup({ members: [ANNA, BORIS], isForum: true }).id
  const [first = 0, second = 0] = ['one', 'two'].map((name) =>
    telegram.phone.createTopic({ from: ANNA, chat: forum, name }),
  )
  await Promise.all([
    stack.start('gateway'),
    stack.start('worker'),
    stack.start('worker'),
    stack.start('sender'),
  ])
  const say = (from: number, threadId: number, text: string) =>
    telegram.phone.sendText({ from, chat: forum, threadId, text: `@lane_bot ${text}` })
  const command = (from: number, threadId: number, text: string) =>
    telegram.phone.sendText({ from, chat: forum, threadId, text })
  const shown = () =>
    telegram
      .messages(forum)
      .filter(({ by }) => by === 'bot')
      .map(({ message }) => message.text ?? '')
  return { ...stack, forum, first, second, say, command, shown }
}

test('/forget erases every topic of a forum at once: what is remembered, what waits, what is being written', async () => {
  const { telegram, model, redis, first, second, say, command, shown, forum } = await openForum()
  model.setSpeed({ firstTokenMs: [5, 5], totalMs: [10, 20] })
  say(ANNA, first, 'the first secret is a heron')
  await telegram.waitUntil(() => shown()[0], 30_000)
  model.setSpeed({ firstTokenMs: [100, 100], totalMs: [20_000, 20_000] })
  say(BORIS, second, 'the second secret is a stork')
  say(BORIS, second, 'the third secret is a crane')
  await telegram.waitUntil(() => shown()[1], 30_000)

  command(BORIS, first, '/forget@lane_bot')
  expect(await telegram.waitUntil(() => shown()[2], 30_000)).toContain('только администраторы')
  command(ANNA, first, '/forget@lane_bot')
  await telegram.waitUntil(() => shown().find((text) => text.includes('is erased')), 30_000)
  // The answer that was being written is gone too, and its stop button with it.
  await until(() => shown().length === 3)
  expect(telegram.messages(forum).flatMap(({ message }) => message.reply_markup ?? [])).toEqual([])

  const keys = await redis.redis.keys(`${redis.prefix}*:${forum}*`)
  // What was spent is still spent: numbers alone, which no word of the chat is in.
  const memories = keys.filter((key) => key.includes(':chat:') && !key.includes(':spent:'))
  const fields = await Promise.all(memories.map((key) => redis.redis.hkeys(key)))
  expect(new Set(fields.flat())).toEqual(new Set(['generation']))
  const dumps = await Promise.all(keys.map((key) => redis.redis.dumpBuffer(key)))
  expect(dumps.join('')).not.toMatch(/stork|crane/)

  model.setSpeed({ firstTokenMs: [5, 5], totalMs: [10, 20] })
  say(BORIS, second, 'what do you know?')
  await telegram.waitUntil(() => shown()[3], 30_000)
  expect(
    model
      .requests()
      .at(-1)
      ?.messages.map(({ content }) => content)
      .slice(1),
  ).toEqual(['⟦from Борис⟧\nwhat do you know?'])
  expect(model.requests()).toHaveLength(3)
}, 120_000)

test('in a private chat everyone may, and a worker that dies over it leaves it done and told once', async () => {
  const { telegram, model, say: _, ...stack } = await openForum()
  model.setSpeed({ firstTokenMs: [5, 5], totalMs: [10, 20] })
  const replies = () =>
    telegram
      .messages(BORIS)
      .filter(({ by }) => by === 'bot')
      .map(({ message }) => message.text ?? '')
  telegram.phone.sendText({ from: BORIS, text: 'цапля' })
  await telegram.waitUntil(() => replies()[0], 30_000)
  telegram.phone.sendText({ from: BORIS, text: '/forget' })
  for (const service of stack.running()) if (service.name === 'worker') await service.kill()
  await stack.start('worker')
  await telegram.waitUntil(() => replies().find((text) => text.includes('Всё об этом чате стёрто')), 60_000)
  telegram.phone.sendText({ from: BORIS, text: 'что ты знаешь?' })
  await telegram.waitUntil(() => replies()[2], 30_000)
  expect(replies().filter((text) => text.includes('стёрто'))).toHaveLength(1)
  expect(model.requests().at(-1)?.messages).toHaveLength(2)
}, 120_000)
