/** The protocol of calls: tokens, methods, bodies, chats, edits, deletions. */
import { Client } from 'undici'
import { expect, onTestFinished, test } from 'vitest'
import { call, say, startSimulator, TOKEN } from './raw-client.ts'

test('an unknown token is answered 401 and an unknown method 404', async () => {
  const simulator = await startSimulator()
  const stranger = await fetch(`${simulator.url}/bot1:other/getMe`)
  expect([stranger.status, await stranger.json()]).toEqual([
    401,
    { ok: false, error_code: 401, description: 'Unauthorized' },
  ])
  expect(await call(simulator, 'sendNothing')).toEqual({
    ok: false,
    error_code: 404,
    description: 'Not Found',
  })
})

test('a call may come by GET, as JSON, as a form or as multipart', async () => {
  const simulator = await startSimulator()
  const root = `${simulator.url}/bot${TOKEN}`
  const form = new FormData()
  form.set('chat_id', '5')
  form.set('text', 'multipart')
  form.set('reply_markup', JSON.stringify({ inline_keyboard: [[{ text: 'a', callback_data: 'b' }]] }))
  await fetch(`${root}/sendMessage?chat_id=5&text=query`)
  await fetch(`${root}/SENDMESSAGE`, {
    method: 'POST',
    body: new URLSearchParams({ chat_id: '5', text: 'form' }),
  })
  await fetch(`${root}/sendMessage`, { method: 'POST', body: form })
  await say(simulator, 5, 'json')
  const posted = simulator.messages(5).map(({ message }) => message)
  expect(posted.map(({ text, message_id }) => [text, message_id])).toEqual([
    ['query', 1],
    ['form', 2],
    ['multipart', 3],
    ['json', 4],
  ])
  expect(posted[2]?.reply_markup).toEqual({ inline_keyboard: [[{ text: 'a', callback_data: 'b' }]] })
})

test('a body that is not JSON is a bad request', async () => {
  const simulator = await startSimulator()
  const answer = await fetch(`${simulator.url}/bot${TOKEN}/getMe`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{',
  })
  expect(answer.status).toBe(400)
})

test('a sent message comes back whole', async () => {
  const simulator = await startSimulator()
  const { result } = await say(simulator, 5, 'see @lane_bot')
  expect(result).toMatchObject({
    message_id: 1,
    chat: { id: 5, type: 'private', first_name: 'Ann' },
    from: { id: 700, is_bot: true, username: 'lane_bot' },
    text: 'see @lane_bot',
    entities: [{ type: 'mention', offset: 4, length: 9 }],
  })
})

test('chats that are unknown, blocked, deactivated or left are refused as Telegram refuses them', async () => {
  const simulator = await startSimulator()
  const { id } = simulator.phone.createGroup({ type: 'group', members: [5] })
  simulator.phone.setMembership({ chat: id, from: 5, status: 'kicked' })
  simulator.phone.setBlocked({ from: 5, blocked: true })
  simulator.phone.deactivate({ from: 6 })
  const refused = await Promise.all([99, 5, 6, id].map((chat) => say(simulator, chat, 'x')))
  expect(refused.map(({ error_code, description }) => [error_code, description])).toEqual([
    [400, 'Bad Request: chat not found'],
    [403, 'Forbidden: bot was blocked by the user'],
    [403, 'Forbidden: user is deactivated'],
    [403, 'Forbidden: bot was kicked from the group chat'],
  ])
  simulator.phone.setBlocked({ from: 5, blocked: false })
  expect((await say(simulator, 5, 'again')).ok).toBe(true)
})

test('copies and forwards carry the content', async () => {
  const simulator = await startSimulator()
  const { message_id } = simulator.phone.sendText({ from: 5, text: 'original' })
  const source = { chat_id: 6, from_chat_id: 5, message_id }
  expect((await call(simulator, 'copyMessage', source)).result).toEqual({ message_id: 1 })
  expect((await call(simulator, 'forwardMessage', source)).result).toMatchObject({
    text: 'original',
    forward_origin: { type: 'user' },
  })
  expect((await call(simulator, 'copyMessage', { ...source, message_id: 99 })).description).toBe(
    'Bad Request: message to copy not found',
  )
})

test('a reply names its message, and one to a missing message only goes out when that is allowed', async () => {
  const simulator = await startSimulator()
  const { message_id } = simulator.phone.sendText({ from: 5, text: 'question' })
  expect(
    (await say(simulator, 5, 'a', { reply_parameters: { message_id } })).result.reply_to_message,
  ).toMatchObject({
    text: 'question',
  })
  expect((await say(simulator, 5, 'b', { reply_parameters: { message_id: 99 } })).description).toBe(
    'Bad Request: message to be replied not found',
  )
  const allowed = { reply_parameters: { message_id: 99, allow_sending_without_reply: true } }
  expect((await say(simulator, 5, 'c', allowed)).ok).toBe(true)
})

test('a button with too much data or without a use is refused', async () => {
  const simulator = await startSimulator()
  const send = (button: object) => say(simulator, 5, 'x', { reply_markup: { inline_keyboard: [[button]] } })
  expect((await send({ text: 'a', callback_data: 'é'.repeat(33) })).description).toBe(
    'Bad Request: BUTTON_DATA_INVALID',
  )
  expect((await send({ text: 'a' })).error_code).toBe(400)
})

test('commands and chats can be read', async () => {
  const simulator = await startSimulator()
  const { id } = simulator.phone.createGroup({ title: 'Club', members: [5, 6] })
  await call(simulator, 'setMyCommands', { commands: [{ command: 'new', description: 'New' }] })
  expect((await call(simulator, 'getMyCommands')).result).toEqual([{ command: 'new', description: 'New' }])
  await call(simulator, 'setMyCommands', {
    commands: [{ command: 'new', description: 'Заново' }],
    language_code: 'ru',
  })
  const inRussian = await call(simulator, 'getMyCommands', { language_code: 'ru' })
  expect(inRussian.result).toEqual([{ command: 'new', description: 'Заново' }])
  expect((await call(simulator, 'getMyCommands')).result).toEqual([{ command: 'new', description: 'New' }])
  expect((await call(simulator, 'getChat', { chat_id: id })).result).toMatchObject({ title: 'Club' })
})

test('no more messages are kept than asked for', async () => {
  const simulator = await startSimulator({ keepMessages: 3 })
  for (const text of ['a', 'b', 'c', 'd', 'e']) await say(simulator, 5, text)
  expect(simulator.messages(5).map(({ message }) => message.text)).toEqual(['c', 'd', 'e'])
})

test('pipelined calls whose answers are delayed are all answered', async () => {
  const simulator = await startSimulator({ answerDelayMs: [0, 20] })
  const client = new Client(simulator.url, { pipelining: 4 })
  onTestFinished(() => client.close())
  const path = `/bot${TOKEN}/sendMessage?chat_id=5&text=x`
  const answers = await Promise.all([1, 2, 3, 4].map(() => client.request({ path, method: 'GET' })))
  const bodies = await Promise.all(answers.map(({ body }) => body.json()))
  expect(bodies).toMatchObject([1, 2, 3, 4].map((id) => ({ result: { message_id: id } })))
  expect(simulator.ledger().bots[0]?.sends).toMatchObject({ posted: 4, unheard: 0 })
})
