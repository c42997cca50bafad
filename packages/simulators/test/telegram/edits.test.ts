/** Edits and deletions, by the bot and by people. */
import { expect, test } from 'vitest'
import { call, say, startSimulator } from './raw-client.ts'

const markup = { inline_keyboard: [[{ text: 'Stop', callback_data: 's' }]] }
const NOT_MODIFIED =
  /^Bad Request: message is not modified: specified new message content and reply markup are/

test('an edit replaces text and keyboard, and without a keyboard the buttons vanish', async () => {
  const simulator = await startSimulator()
  await say(simulator, 5, 'one', { reply_markup: markup })
  const edit = { chat_id: 5, message_id: 1, text: 'two' }
  const { result } = await call(simulator, 'editMessageText', { ...edit, reply_markup: markup })
  expect(result).toMatchObject({ text: 'two', reply_markup: markup, edit_date: expect.any(Number) })
  await call(simulator, 'editMessageText', { ...edit, text: 'three' })
  expect(simulator.messages(5)[0]).toMatchObject({ editCount: 2, message: { text: 'three' } })
  expect(simulator.messages(5)[0]?.message.reply_markup).toBeUndefined()
})

test('an edit that changes neither text nor entities nor keyboard is refused', async () => {
  const simulator = await startSimulator()
  const entities = [{ type: 'bold', offset: 0, length: 3 }]
  await say(simulator, 5, 'one', { entities, link_preview_options: { is_disabled: true } })
  const edit = { chat_id: 5, message_id: 1, text: 'one' }
  const same = await call(simulator, 'editMessageText', {
    ...edit,
    text: 'one ',
    entities: [{ length: 3, offset: 0, type: 'bold' }],
  })
  expect([same.error_code, same.description]).toEqual([400, expect.stringMatching(NOT_MODIFIED)])
  expect((await call(simulator, 'editMessageText', edit)).ok).toBe(true)
  expect((await call(simulator, 'editMessageText', edit)).description).toMatch(NOT_MODIFIED)
  const keyboard = { chat_id: 5, message_id: 1, reply_markup: markup }
  expect((await call(simulator, 'editMessageReplyMarkup', keyboard)).ok).toBe(true)
  expect((await call(simulator, 'editMessageReplyMarkup', keyboard)).description).toMatch(NOT_MODIFIED)
  expect(simulator.ledger().bots[0]?.sends.edited).toBe(2)
})

test('what is gone, foreign or no text can not be edited', async () => {
  const simulator = await startSimulator()
  const { message_id: foreign } = simulator.phone.sendText({ from: 5, text: 'mine' })
  const gone = (await say(simulator, 5, 'gone')).result.message_id
  await call(simulator, 'deleteMessage', { chat_id: 5, message_id: gone })
  const photo = await call(simulator, 'sendPhoto', { chat_id: 5, photo: 'https://a.org/b.jpg' })
  const refusalOf = async (message_id: number | undefined) =>
    (await call(simulator, 'editMessageText', { chat_id: 5, message_id, text: 'x' })).description
  expect(await refusalOf(99)).toBe('Bad Request: message to edit not found')
  expect(await refusalOf(gone)).toBe('Bad Request: message to edit not found')
  expect(await refusalOf(foreign)).toBe("Bad Request: message can't be edited")
  expect(await refusalOf(photo.result.message_id)).toBe(
    'Bad Request: there is no text in the message to edit',
  )
  expect(await refusalOf(undefined)).toBe('Bad Request: message identifier is not specified')
})

test('a deleted message is seen no more and can not be deleted again', async () => {
  const simulator = await startSimulator()
  for (const text of ['a', 'b', 'c']) await say(simulator, 5, text)
  await call(simulator, 'deleteMessage', { chat_id: 5, message_id: 1 })
  await call(simulator, 'deleteMessages', { chat_id: 5, message_ids: [1, 2] })
  expect(simulator.messages(5).map(({ message }) => message.text)).toEqual(['c'])
  expect(simulator.chat({ chat: 5 }).messages).toHaveLength(3)
  const again = await call(simulator, 'deleteMessage', { chat_id: 5, message_id: 1 })
  expect(again.description).toBe('Bad Request: message to delete not found')
  expect((await call(simulator, 'deleteMessages', { chat_id: 5, message_ids: [1] })).result).toBe(true)
})

test("in a group the bot deletes its own messages, and others' where it is an administrator", async () => {
  const simulator = await startSimulator()
  const { id } = simulator.phone.createGroup({ members: [5] })
  const { message_id } = simulator.phone.sendText({ chat: id, from: 5, text: 'mine' })
  const deletion = { chat_id: id, message_id }
  expect((await call(simulator, 'deleteMessage', deletion)).description).toBe(
    "Bad Request: message can't be deleted",
  )
  simulator.phone.setMembership({ chat: id, from: 5, status: 'administrator' })
  expect((await call(simulator, 'deleteMessage', deletion)).result).toBe(true)
})

test('messages sent through a business connection are deleted through it', async () => {
  const simulator = await startSimulator()
  await say(simulator, 5, 'a', { business_connection_id: 'b1' })
  await say(simulator, 5, 'b', { business_connection_id: 'b2' })
  const deletion = { business_connection_id: 'b1', message_ids: [1, 2] }
  expect((await call(simulator, 'deleteBusinessMessages', deletion)).result).toBe(true)
  expect(simulator.messages(5).map(({ message }) => message.text)).toEqual(['b'])
})

test('a person takes a message of the bot away, and its next edit finds nothing', async () => {
  const simulator = await startSimulator()
  const { message_id } = (await say(simulator, 5, 'so far')).result
  const deleted = simulator.waitFor((event) => event.type === 'delete')
  simulator.phone.deleteMessage({ from: 5, messageId: message_id })
  expect(await deleted).toMatchObject({ by: 'user', chatId: 5, messageIds: [message_id] })
  const edit = { chat_id: 5, message_id, text: 'so far and on' }
  expect((await call(simulator, 'editMessageText', edit)).description).toBe(
    'Bad Request: message to edit not found',
  )
  expect(simulator.ledger().bots[0]).toMatchObject({ sends: { deleted: 0 }, updates: { made: 0 } })
  expect(() => simulator.phone.deleteMessage({ from: 5, messageId: message_id })).toThrow(/no message/)
})

test('what a message said over time is kept where that is asked for, the newest states of it', async () => {
  const simulator = await startSimulator({ keepEdits: 3 })
  await say(simulator, 5, 'H', { reply_markup: markup })
  for (const text of ['He', 'Hel', 'Hell', 'Hello']) {
    await call(simulator, 'editMessageText', { chat_id: 5, message_id: 1, text })
  }
  const edits = simulator.edits(5, 1)
  expect(edits.map(({ text }) => text)).toEqual(['Hel', 'Hell', 'Hello'])
  expect(edits.map(({ atMs }) => atMs)).toEqual(edits.map(({ atMs }) => atMs).sort((a, b) => a - b))
  expect(simulator.edits(5, 2)).toEqual([])
  await call(simulator, 'sendPhoto', {
    chat_id: 6,
    photo: 'https://a.org/b.jpg',
    caption: 'c',
    reply_markup: markup,
  })
  simulator.phone.deleteMessage({ from: 6, messageId: 1 })
  expect(simulator.edits(6, 1)).toMatchObject([{ text: 'c', entities: [], replyMarkup: markup }])
})

test('edits are not kept by default', async () => {
  const simulator = await startSimulator()
  await say(simulator, 5, 'one')
  await call(simulator, 'editMessageText', { chat_id: 5, message_id: 1, text: 'two' })
  expect(simulator.message(5, 1)?.shown).toEqual([])
  expect(() => simulator.edits(5, 1)).toThrow(/keepEdits/)
})
