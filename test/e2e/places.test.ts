import { expect, test } from 'vitest'
import { openStack } from './stack.ts'

const ANNA = 11
const BORIS = 12

/** People, and a model that says how much of the conversation it was told. */
async function openPlaces() {
  const stack = await openStack({
    environment: { MERGE_WINDOW_MS: '0', TELEGRAM_LIMIT_GROUP_PER_MINUTE: '1000' },
    model: {
      answers: ({ messages }) =>
        `Heard: ${messages
          .filter(({ role }) => role === 'user')
          .map(({ content }) => content)
          .join(' + ')}`,
    },
  })
  const { telegram } = stack
  telegram.phone.createUser({ id: ANNA, firstName: 'Anna', languageCode: 'en' })
  telegram.phone.createUser({ id: BORIS, firstName: 'Boris', languageCode: 'en' })
  await Promise.all([
    stack.start('gateway'),
    stack.start('worker'),
    stack.start('worker'),
    stack.start('sender'),
  ])
  /** What the bot has said in the chat: its topic, what it replies to, the text. */
  const said = (chat: number) =>
    telegram
      .messages(chat)
      .filter(({ by }) => by === 'bot')
      .map(({ message }) => ({
        thread: message.message_thread_id,
        to: message.reply_to_message?.message_id,
        text: message.text ?? '',
      }))
  const nth = (chat: number, count: number) => telegram.waitUntil(() => said(chat)[count - 1], 30_000)
  return { ...stack, said, nth }
}

test('a private chat and each of its topics has a conversation of its own, answered where it goes on', async () => {
  const { telegram, nth } = await openPlaces()
  const say = (text: string, threadId?: number) =>
    telegram.phone.sendText({ from: ANNA, text, ...(threadId !== undefined && { threadId }) })
  say('one')
  expect(await nth(ANNA, 1)).toMatchObject({ thread: undefined, text: 'Heard: one' })
  say('two', 501)
  expect(await nth(ANNA, 2)).toMatchObject({ thread: 501, text: 'Heard: two' })
  say('three', 502)
  expect(await nth(ANNA, 3)).toMatchObject({ thread: 502, text: 'Heard: three' })
  say('four')
  expect(await nth(ANNA, 4)).toMatchObject({ thread: undefined, text: 'Heard: one + four' })
  say('five', 501)
  expect(await nth(ANNA, 5)).toMatchObject({ thread: 501, text: 'Heard: two + five' })
}, 120_000)

test('each topic of a forum has its own conversation, of what is said to the bot: by mention, reply, command or caption', async () => {
  const { telegram, nth, said } = await openPlaces()
  const chat = telegram.phone.createGroup({ members: [ANNA, BORIS], isForum: true }).id
  const [first = 0, second = 0] = ['one', 'two'].map((name) =>
    telegram.phone.createTopic({ from: ANNA, chat, name }),
  )
  const say = (from: number, threadId: number, text: string, replyTo?: number) =>
    telegram.phone.sendText({ from, chat, threadId, text, ...(replyTo !== undefined && { replyTo }) })
  say(BORIS, first, 'not for the bot')
  const mention = say(ANNA, first, '@lane_bot one')
  expect(await nth(chat, 1)).toMatchObject({ thread: first, to: mention.message_id })
  say(BORIS, second, '@lane_bot two')
  expect(await nth(chat, 2)).toMatchObject({ thread: second })
  const answer = telegram
    .messages(chat)
    .find(({ by, message }) => by === 'bot' && message.message_thread_id === first)
  say(BORIS, first, 'three', answer?.message.message_id)
  await nth(chat, 3)
  say(BORIS, second, '/help@lane_bot')
  await nth(chat, 4)
  telegram.phone.sendFile({
    from: ANNA,
    chat,
    threadId: second,
    kind: 'document',
    bytes: Buffer.from('four'),
    fileName: 'four.bin',
    caption: '@lane_bot what is it?',
  })
  await nth(chat, 5)
  say(ANNA, first, 'nor is this')
  const [one, two, three, help, four] = said(chat).map(({ text }) => text)
  expect(one).toMatch(/Heard: ⟦from Anna⟧\none$/)
  expect(two).toMatch(/Heard: .*\ntwo$/)
  expect(two).not.toContain('one')
  expect(three).toMatch(/Heard: .*\none \+ .*\nthree$/)
  expect(help).toContain('/new')
  expect(four).toMatch(/what is it\?|can/)
  expect(
    said(chat)
      .map(({ text }) => text)
      .join('\n'),
  ).not.toMatch(/not for the bot|nor is this/)
}, 120_000)

test('what comes over a business account, a channel or its direct messages is in nobody’s conversation', async () => {
  const { telegram, model, nth, said } = await openPlaces()
  const from = { id: ANNA, is_bot: false, first_name: 'Anna', language_code: 'en' }
  const chat = { id: ANNA, type: 'private', first_name: 'Anna' }
  const message = { message_id: 900, date: Math.floor(Date.now() / 1000), from, chat }
  const channel = { id: -1_009_000_000_001, type: 'channel', title: 'News' }
  const direct = { id: -1_009_000_000_002, type: 'supergroup', title: 'News', is_direct_messages: true }
  for (const update of [
    { business_message: { ...message, business_connection_id: 'bc1', text: 'the business secret' } },
    { edited_business_message: { ...message, business_connection_id: 'bc1', text: 'the edited secret' } },
    { channel_post: { message_id: 5, date: message.date, chat: channel, text: 'the channel’s post' } },
    {
      message: {
        ...message,
        chat: direct,
        direct_messages_topic: { topic_id: 77, user: from },
        text: 'the direct secret',
      },
    },
  ])
    telegram.phone.injectUpdate({ update: update as never })
  telegram.phone.sendText({ from: ANNA, text: 'hello' })
  expect(await nth(ANNA, 1)).toMatchObject({ text: 'Heard: hello' })
  expect(said(ANNA)).toHaveLength(1)
  expect(JSON.stringify(model.requests().map(({ messages }) => messages))).not.toContain('secret')
  expect(telegram.ledger().bots[0]?.refusals ?? {}).toEqual({})
}, 120_000)
