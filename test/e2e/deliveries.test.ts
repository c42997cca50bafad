import { createBudget, createKeys, createOutbox, createWakes } from '@chatlane/lanes'
import { type Delivery, itemsOf } from '@chatlane/telegram'
import { expect, onTestFinished, test } from 'vitest'
import { longAnswer, pagesOf } from './long-answers.ts'
import { buttonsIn, recordShown, standing } from './shown.ts'
import { openStack, type Stack } from './stack.ts'

const BOT = '7001'
const ANNA = 11
const LIMITS = { botPerSecond: 30, chatPerSecond: 1, chatBurst: 3, groupPerMinute: 20 }
const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

/** Posts deliveries into a chat's outbox, as what answers it does. */
function openOutbox(stack: Stack) {
  const { redis, prefix } = stack.redis
  const keys = createKeys({ prefix, shards: 1 })
  const outbox = createOutbox({ redis, keys })
  const budget = createBudget({ redis, keys, botId: BOT, limits: LIMITS })
  const wakes = createWakes({ redis, keys, onError: () => undefined })
  onTestFinished(() => wakes.close())
  let nth = 0
  return async (homeId: number, delivery: Delivery) => {
    const whole = {
      id: `d${++nth}`,
      class: 1 as const,
      items: itemsOf(delivery),
      place: '',
      payload: JSON.stringify(delivery),
    }
    const chat = { botId: BOT, homeId: String(homeId) }
    const headClass = await outbox.post(chat, whole)
    if (!(await budget.ready(chat.homeId, headClass))) await wakes.wakePump(BOT)
  }
}

const postedIn = (stack: Stack, chat: number) =>
  stack.telegram
    .messages(chat)
    .filter(({ by }) => by === 'bot')
    .map(({ message }) => message)

test('files, voice, albums, buttons and reactions go out in their order, an album within the budgets as so many messages', async () => {
  const stack = await openStack({
    telegram: { limits: { ...LIMITS, enforce: true }, answerDelayMs: [5, 40] },
  })
  const { telegram } = stack
  telegram.phone.createUser({ id: ANNA })
  const group = telegram.phone.createGroup({ members: [ANNA] }).id
  const prompt = telegram.phone.sendText({ from: ANNA, chat: group, text: 'hello all' }).message_id
  const send = openOutbox(stack)
  const file = (name: string) => ({ bytesBase64: PIXEL, fileName: name })
  const caption = { text: 'a bold caption', entities: [{ type: 'bold' as const, offset: 2, length: 4 }] }
  await send(group, {
    method: 'sendPhoto',
    chatId: 0,
    file: file('a.png'),
    caption,
    replyToMessageId: prompt,
  })
  await send(group, { method: 'sendDocument', chatId: 0, file: file('b.txt') })
  await send(group, { method: 'sendVoice', chatId: 0, file: file('c.ogg') })
  const items = ['1', '2', '3', '4'].map((name) => ({ type: 'photo' as const, file: file(`${name}.png`) }))
  for (let album = 0; album < 3; album++) await send(group, { method: 'sendMediaGroup', chatId: 0, items })
  const keyboard = [
    [
      { text: 'Yes', callbackData: 'yes' },
      { text: 'Site', url: 'https://example.com' },
    ],
  ]
  await send(group, { method: 'sendMessage', chatId: 0, text: 'choose', entities: [], keyboard })
  await send(group, { method: 'setMessageReaction', chatId: 0, messageId: prompt, emoji: '👍' })
  await stack.start('sender')
  await telegram.waitUntil(() => telegram.message(group, prompt)?.reaction.length === 1, 60_000)

  const posted = postedIn(stack, group)
  expect(
    posted.map((message) => ['photo', 'document', 'voice', 'text'].find((kind) => kind in message)),
  ).toEqual(['photo', 'document', 'voice', ...Array.from({ length: 12 }, () => 'photo'), 'text'])
  expect(posted[0]).toMatchObject({ caption: 'a bold caption', reply_to_message: { message_id: prompt } })
  expect(new Set(posted.slice(3, 15).map((message) => message.media_group_id)).size).toBe(3)
  expect(buttonsIn(stack, group).map(({ text }) => text)).toEqual(['Yes', 'Site'])
  const [ledger] = telegram.ledger().bots
  expect(ledger).toMatchObject({ floods: 0, overLimit: { bot: 0, group: 0, private: 0 } })
}, 90_000)

test('code that is longer than some messages comes as a file as well', async () => {
  const code = Array.from({ length: 600 }, (_, n) => `print("line number ${n}")`).join('\n')
  const stack = await openStack({
    environment: { MERGE_WINDOW_MS: '0' },
    model: { answers: () => `Here it is:\n\n\`\`\`python\n${code}\n\`\`\`\n\nThat is all.` },
  })
  stack.telegram.phone.createUser({ id: ANNA })
  await Promise.all([stack.start('gateway'), stack.start('worker'), stack.start('sender')])
  stack.telegram.phone.sendText({ from: ANNA, text: 'write code' })
  const documentOf = () =>
    postedIn(stack, ANNA).find((message) => 'document' in message)?.document as
      | { file_name: string; file_id: string }
      | undefined
  await stack.telegram.waitUntil(documentOf, 30_000)
  const document = documentOf()
  expect(document?.file_name).toBe('code.py')
  expect(
    Buffer.from(stack.telegram.file(document?.file_id ?? '')?.bytes ?? [])
      .toString()
      .trim(),
  ).toBe(code)
  const texts = standing(stack, ANNA).filter((text) => text !== '')
  expect(texts.length).toBeGreaterThan(3)
  expect(texts.join('\n').replaceAll('\n', '')).toBe(`Here it is:${code}That is all.`.replaceAll('\n', ''))
}, 60_000)

test('a reply streams into the topic that it was asked in, and topics of one forum do not mix', async () => {
  const units = 900
  const stack = await openStack({
    environment: { MERGE_WINDOW_MS: '0' },
    telegram: { limits: { ...LIMITS, enforce: true } },
    model: { answers: longAnswer(units), firstTokenMs: [50, 100], totalMs: [9000, 9000] },
  })
  const { telegram } = stack
  telegram.phone.createUser({ id: ANNA })
  const forum = telegram.phone.createGroup({ members: [ANNA], type: 'supergroup', isForum: true }).id
  const topics = ['one', 'two'].map((name) => telegram.phone.createTopic({ from: ANNA, chat: forum, name }))
  await Promise.all([stack.start('gateway'), stack.start('worker'), stack.start('sender')])
  const shown = recordShown(stack)
  for (const threadId of topics)
    telegram.phone.sendText({
      from: ANNA,
      chat: forum,
      threadId,
      text: `@lane_bot in ${threadId}`,
    })
  await telegram.waitUntil(
    () =>
      postedIn(stack, forum).length === 2 && buttonsIn(stack, forum).length === 0 && shown(forum).length >= 4,
    60_000,
  )
  for (const threadId of topics) {
    const [page] = pagesOf(`in ${threadId}`, units)
    const inTopic = postedIn(stack, forum).filter((message) => message.message_thread_id === threadId)
    expect(inTopic.map(({ text }) => text)).toEqual([page?.text])
  }
}, 90_000)

test('a group that becomes a supergroup in mid-stream keeps its conversation, its order and its one reply', async () => {
  const units = 900
  const stack = await openStack({
    environment: { MERGE_WINDOW_MS: '0' },
    model: { answers: longAnswer(units), firstTokenMs: [50, 100], totalMs: [6000, 6000] },
  })
  const { telegram, model } = stack
  telegram.phone.createUser({ id: ANNA })
  const group = telegram.phone.createGroup({ members: [ANNA], type: 'group' }).id
  await Promise.all([stack.start('gateway'), stack.start('worker'), stack.start('sender')])
  telegram.phone.sendText({ from: ANNA, chat: group, text: '@lane_bot first' })
  await telegram.waitUntil(() => buttonsIn(stack, group).length === 1, 30_000)
  const supergroup = telegram.phone.migrate({ chat: group })
  const [first] = pagesOf('first', units)
  await telegram.waitUntil(() => standing(stack, supergroup).includes(first?.text ?? '-'), 30_000)
  model.setSpeed({ totalMs: [300, 300] })
  telegram.phone.sendText({ from: ANNA, chat: supergroup, text: '@lane_bot second' })
  const [second] = pagesOf('second', units)
  await telegram.waitUntil(() => standing(stack, supergroup).includes(second?.text ?? '-'), 30_000)
  expect(standing(stack, supergroup)).toEqual([first?.text, second?.text])
  expect(
    model
      .requests()
      .at(-1)
      ?.messages.map(({ role }) => role),
  ).toEqual(['system', 'user', 'assistant', 'user'])
}, 90_000)
