/** Inline mode: people ask, bots offer, people choose. */
import { Telegraf } from 'telegraf'
import { expect, onTestFinished, test } from 'vitest'
import type { TelegramSimulator } from '../../src/index.ts'
import { call, startSimulator, TOKEN, updates } from './raw-client.ts'

const keyboard = { inline_keyboard: [[{ text: 'Go', callback_data: 'go' }]] }
const article = (id: string, more: object = {}) => ({
  type: 'article',
  id,
  title: id,
  input_message_content: { message_text: `*${id}*`, parse_mode: 'Markdown' },
  ...more,
})

async function offer(simulator: TelegramSimulator, ...results: object[]): Promise<string> {
  const id = simulator.phone.askInline({ from: 5, query: 'cats' })
  await call(simulator, 'answerInlineQuery', { inline_query_id: id, results, next_offset: '2' })
  return id
}

test('an asked query tells where it was typed, and its answer is shown', async () => {
  const simulator = await startSimulator()
  const { id: chat } = simulator.phone.createGroup({ members: [5] })
  const inGroup = simulator.phone.askInline({ from: 5, chat, query: 'dogs', offset: '10' })
  const id = await offer(simulator, article('one'), article('two'))
  expect(await updates(simulator)).toMatchObject([
    { inline_query: { id: inGroup, from: { id: 5 }, query: 'dogs', offset: '10', chat_type: 'supergroup' } },
    { inline_query: { id, query: 'cats', offset: '', chat_type: 'sender' } },
  ])
  expect(simulator.chat({ chat: 5 }).inlineAnswers).toMatchObject([
    { queryId: id, query: 'cats', nextOffset: '2', results: [{ id: 'one' }, { id: 'two' }] },
  ])
})

test('a chosen result is a message of the person via the bot', async () => {
  const simulator = await startSimulator()
  const { id: chat } = simulator.phone.createGroup({ members: [5] })
  const photo = { type: 'photo', id: 'p', photo_url: 'https://a.org/b.jpg', caption: 'cat' }
  const queryId = await offer(simulator, article('one'), photo)
  simulator.phone.chooseInline({ from: 5, chat, queryId, resultId: 'one' })
  simulator.phone.chooseInline({ from: 5, chat, queryId, resultId: 'p' })
  const [, text, chosen, picture] = await updates(simulator)
  expect(text?.message).toMatchObject({
    from: { id: 5 },
    via_bot: { id: 700 },
    text: 'one',
    entities: [{ type: 'bold' }],
  })
  expect(chosen?.chosen_inline_result).toEqual({
    result_id: 'one',
    from: expect.objectContaining({ id: 5 }),
    query: 'cats',
  })
  expect(picture?.message).toMatchObject({ photo: expect.any(Array), caption: 'cat' })
  expect(() => simulator.phone.chooseInline({ from: 5, queryId, resultId: 'none' })).toThrow(/no result/)
  expect(() => simulator.phone.chooseInline({ from: 6, queryId, resultId: 'one' })).toThrow(/no result/)
})

test('a chosen result with a keyboard is edited and pressed by its inline message id', async () => {
  const simulator = await startSimulator()
  const queryId = await offer(simulator, article('one', { reply_markup: keyboard }))
  const { message_id } = simulator.phone.chooseInline({ from: 5, queryId, resultId: 'one' })
  const pressed = simulator.phone.pressButton({ from: 5, messageId: message_id })
  const got = await updates(simulator)
  const chosen = got[2]?.chosen_inline_result as { inline_message_id: string } | undefined
  const inline_message_id = chosen?.inline_message_id
  const query = got[3]?.callback_query as Record<string, unknown>
  expect(query).toMatchObject({ id: pressed, inline_message_id, data: 'go' })
  expect(query.message).toBeUndefined()
  await call(simulator, 'answerCallbackQuery', { callback_query_id: pressed, text: 'gone' })
  expect(simulator.chat({ chat: 5 }).answers).toMatchObject([{ text: 'gone' }])
  const edit = { inline_message_id, text: 'two' }
  expect((await call(simulator, 'editMessageText', edit)).result).toBe(true)
  expect(simulator.message(5, message_id)).toMatchObject({ editCount: 1, message: { text: 'two' } })
  expect((await call(simulator, 'editMessageText', edit)).description).toMatch(/message is not modified/)
})

test('results that Telegram would not take are refused', async () => {
  const simulator = await startSimulator()
  const id = simulator.phone.askInline({ from: 5, query: '' })
  const refusal = async (...results: unknown[]) =>
    (await call(simulator, 'answerInlineQuery', { inline_query_id: id, results })).description
  const prefix = "Bad Request: can't parse inline query result: "
  expect(await refusal({ id: 'a' })).toBe(`${prefix}Can't find field "type"`)
  expect(await refusal({ type: 'article', title: 't', id: 'a' })).toBe(
    `${prefix}Can't find field "message_text"`,
  )
  expect(await refusal({ type: 'song', id: 'a' })).toBe(
    `${prefix}type "song" is unsupported for the inline query result`,
  )
  expect(await refusal({ type: 'photo', id: 'a' })).toBe(`${prefix}Can't find field "photo_file_id"`)
  expect(await refusal(article('a'), article('a'))).toBe('Bad Request: RESULT_ID_DUPLICATE')
  expect(await refusal(...Array(51).fill(article('a')))).toBe(
    'Bad Request: too many inline query results specified',
  )
  expect(await refusal(article('a'))).toBeUndefined()
  expect(await refusal(article('a'))).toMatch(/query is too old/)
})

test('a telegraf bot answers inline queries', async () => {
  const simulator = await startSimulator()
  const bot = new Telegraf(TOKEN, { telegram: { apiRoot: simulator.url } })
  bot.on('inline_query', (ctx) =>
    ctx.answerInlineQuery([
      {
        type: 'article',
        id: 'echo',
        title: 'Echo',
        input_message_content: { message_text: ctx.inlineQuery.query },
      },
    ]),
  )
  const launched = bot.launch()
  onTestFinished(async () => {
    bot.stop()
    await launched
  })
  const queryId = simulator.phone.askInline({ from: 5, query: 'hello' })
  await simulator.waitUntil(() => simulator.chat({ chat: 5 }).inlineAnswers.length === 1)
  expect(simulator.phone.chooseInline({ from: 5, queryId, resultId: 'echo' }).text).toBe('hello')
})
