/** What people do, and the updates it makes. */
import { expect, test } from 'vitest'
import { call, say, startSimulator, updates } from './raw-client.ts'

test('a message in a topic carries its thread, and sends to unknown topics are refused', async () => {
  const simulator = await startSimulator()
  const { id } = simulator.phone.createGroup({ isForum: true, members: [5] })
  const topic = simulator.phone.createTopic({ chat: id, from: 5, name: 'News' })
  simulator.phone.sendText({ chat: id, from: 5, threadId: topic, text: 'in topic' })
  simulator.phone.sendText({ chat: id, from: 5, text: 'in general' })
  const [created, inTopic, inGeneral] = await updates(simulator)
  expect(created).toMatchObject({
    message: { forum_topic_created: { name: 'News' }, message_thread_id: topic },
  })
  expect(inTopic).toMatchObject({
    message: { message_thread_id: topic, is_topic_message: true, chat: { is_forum: true } },
  })
  expect(inGeneral?.message).not.toHaveProperty('message_thread_id')
  expect((await say(simulator, id, 'a', { message_thread_id: topic })).result.message_thread_id).toBe(topic)
  expect((await say(simulator, id, 'a', { message_thread_id: 999 })).description).toBe(
    'Bad Request: message thread not found',
  )
})

test('replies in a supergroup without topics make a thread that is no topic', async () => {
  const simulator = await startSimulator()
  const { id } = simulator.phone.createGroup({ members: [5] })
  const root = simulator.phone.sendText({ chat: id, from: 5, text: 'root' })
  const reply = simulator.phone.sendText({ chat: id, from: 5, text: 'r', replyTo: root.message_id })
  expect(reply).toMatchObject({ message_thread_id: root.message_id, reply_to_message: { text: 'root' } })
  expect(reply.is_topic_message).toBeUndefined()
})

test('an edit, a long paste and an album become the updates a client makes', async () => {
  const simulator = await startSimulator()
  const first = simulator.phone.sendText({ from: 5, text: 'teh' })
  simulator.phone.editText({ from: 5, messageId: first.message_id, text: 'the' })
  simulator.phone.sendLongText({ from: 5, text: 'x'.repeat(5000) })
  const album = simulator.phone.sendAlbum({
    from: 5,
    items: [
      { kind: 'photo', bytes: Buffer.from('1'), caption: 'two' },
      { kind: 'photo', bytes: Buffer.from('2') },
    ],
  })
  const got = await updates(simulator)
  expect(got[1]).toMatchObject({ edited_message: { text: 'the', edit_date: expect.any(Number) } })
  expect(got.slice(2, 4).map(({ message }) => (message as { text: string }).text.length)).toEqual([4096, 904])
  expect(new Set(album.map(({ media_group_id }) => media_group_id)).size).toBe(1)
  expect(got).toHaveLength(6)
})

test('a message that is forwarded says whose it was, also when it is forwarded again', async () => {
  const { phone } = await startSimulator()
  const { id } = phone.createGroup({ members: [5, 6] })
  const first = phone.sendText({ from: 6, chat: id, text: 'cats fly' })
  const forwarded = phone.forwardMessage({ from: 5, fromChat: id, messageId: first.message_id })
  expect(forwarded).toMatchObject({
    text: 'cats fly',
    chat: { type: 'private' },
    from: { id: 5 },
    forward_origin: { type: 'user', date: first.date, sender_user: { id: 6 } },
  })
  const again = phone.forwardMessage({ from: 5, messageId: forwarded.message_id })
  expect(again.forward_origin).toEqual(forwarded.forward_origin)
  const hidden = phone.forwardMessage({
    from: 5,
    fromChat: id,
    messageId: first.message_id,
    isAuthorHidden: true,
  })
  expect(hidden.forward_origin).toMatchObject({
    type: 'hidden_user',
    sender_user_name: first.from?.first_name,
  })
  expect(() => phone.forwardMessage({ from: 5, messageId: 999 })).toThrow(/no message 999/)
})

test('a reply may quote a part of what it replies to', async () => {
  const { phone } = await startSimulator()
  const first = phone.sendText({ from: 5, text: 'one two three' })
  const reply = { from: 5, text: 'why?', replyTo: first.message_id }
  expect(phone.sendText({ ...reply, quote: 'two' }).quote).toEqual({
    text: 'two',
    position: 4,
    is_manual: true,
  })
  expect(phone.sendText(reply).quote).toBeUndefined()
  expect(() => phone.sendText({ ...reply, quote: 'four' })).toThrow(/does not say/)
})

test('a voice message can be downloaded', async () => {
  const simulator = await startSimulator()
  const { voice } = simulator.phone.sendFile({ from: 5, kind: 'voice', bytes: Buffer.from('ogg!') })
  const { file_id } = voice as { file_id: string }
  const { result } = await call(simulator, 'getFile', { file_id })
  const bytes = await fetch(`${simulator.url}/file/bot700:secret/${result.file_path}`)
  expect(await bytes.text()).toBe('ogg!')
})

test('a pressed button makes a query that is answered once it is known, and others are too old', async () => {
  const simulator = await startSimulator()
  await say(simulator, 5, 'menu', {
    reply_markup: { inline_keyboard: [[{ text: 'a', callback_data: 'b' }]] },
  })
  const id = simulator.phone.pressButton({ from: 5, messageId: 1, data: 'b' })
  expect(await updates(simulator)).toMatchObject([
    { callback_query: { id, data: 'b', message: { message_id: 1 } } },
  ])
  expect((await call(simulator, 'answerCallbackQuery', { callback_query_id: id, text: 'ok' })).result).toBe(
    true,
  )
  expect(await call(simulator, 'answerCallbackQuery', { callback_query_id: 'other' })).toMatchObject({
    error_code: 400,
    description: 'Bad Request: query is too old and response timeout expired or query ID is invalid',
  })
  expect(() => simulator.phone.pressButton({ from: 5, messageId: 1, data: 'gone' })).toThrow(/no such button/)
})

test('blocking and kicking are told to the bot', async () => {
  const simulator = await startSimulator()
  const { id } = simulator.phone.createGroup({ members: [5] })
  simulator.phone.setBlocked({ from: 5, blocked: true })
  simulator.phone.setMembership({ chat: id, from: 5, status: 'kicked' })
  expect(await updates(simulator)).toMatchObject([
    { my_chat_member: { chat: { id: 5 }, new_chat_member: { status: 'kicked' } } },
    { my_chat_member: { chat: { id }, new_chat_member: { status: 'kicked' } } },
  ])
})

test('a migrated group answers with its new id', async () => {
  const simulator = await startSimulator()
  const { id } = simulator.phone.createGroup({ type: 'group', members: [5] })
  const newId = simulator.phone.migrate({ chat: id })
  expect(await updates(simulator)).toMatchObject([
    { message: { chat: { id }, migrate_to_chat_id: newId } },
    { message: { chat: { id: newId, type: 'supergroup' }, migrate_from_chat_id: id } },
  ])
  expect(await say(simulator, id, 'x')).toMatchObject({
    error_code: 400,
    description: 'Bad Request: group chat was upgraded to a supergroup chat',
    parameters: { migrate_to_chat_id: newId },
  })
  expect((await say(simulator, newId, 'x')).ok).toBe(true)
})

test('a bot in privacy mode reads commands, mentions and replies only', async () => {
  const simulator = await startSimulator({
    bots: [{ token: '700:secret', username: 'lane_bot', firstName: 'L', canReadAllGroupMessages: false }],
  })
  const { id } = simulator.phone.createGroup({ members: [5] })
  const { result } = await say(simulator, id, 'hi all')
  for (const text of ['chatter', '/cmd', '/cmd@other_bot', 'hey @lane_bot']) {
    simulator.phone.sendText({ chat: id, from: 5, text })
  }
  simulator.phone.sendText({ chat: id, from: 5, text: 'to you', replyTo: result.message_id })
  const texts = (await updates(simulator)).map(({ message }) => (message as { text: string }).text)
  expect(texts).toEqual(['/cmd', 'hey @lane_bot', 'to you'])
})
