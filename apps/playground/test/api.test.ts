import { readSettings } from '@chatlane/runtime'
import { expect, onTestFinished, test } from 'vitest'
import { ANNA, BORIS, GROUP, openPlayground } from './open-playground.ts'

test('the other services are told valid settings that lead to the simulators', async () => {
  const { told, bot } = await openPlayground()
  const names = [
    'TELEGRAM_BOT_TOKEN',
    'TELEGRAM_API_ROOT',
    'OPENROUTER_API_KEY',
    'OPENROUTER_BASE_URL',
  ] as const
  expect(told.length).toBe(1)
  const [settings = {}] = told
  expect(Object.keys(settings).sort()).toEqual([...names].sort())
  expect(readSettings(settings, names)).toEqual(settings)
  expect(await bot.call('getMe', {})).toMatchObject({ username: 'chatlane_bot', is_bot: true })
  const models = await fetch(`${settings.OPENROUTER_BASE_URL}/models`)
  expect(models.status).toBe(200)
})

test('with a real model nothing is said about OpenRouter', async () => {
  const { told, get } = await openPlayground({ model: 'real' })
  expect(Object.keys(told[0] ?? {})).toEqual(['TELEGRAM_BOT_TOKEN', 'TELEGRAM_API_ROOT'])
  expect((await get('/api/state')).body.model).toBe('real')
})

test('the state tells who there is and where the other services are', async () => {
  const { get } = await openPlayground({ gatewayPort: 3000 })
  const { body } = await get('/api/state')
  expect(body).toMatchObject({
    bot: { name: 'Chatlane', isBot: true, username: 'chatlane_bot' },
    model: 'simulated',
    ports: { gateway: 3000 },
  })
  expect(body.people).toMatchObject([
    { id: ANNA, name: 'Anna', languageCode: 'en' },
    { id: BORIS, name: 'Борис', languageCode: 'ru' },
    { name: 'Carmen', languageCode: 'es' },
  ])
  expect(body.chats.map(({ id, kind }) => [id > 0, kind])).toEqual([
    [true, 'private'],
    [true, 'private'],
    [true, 'private'],
    [false, 'group'],
  ])
})

test('what somebody says reaches the bot, and what it answers is there', async () => {
  const { post, get, bot } = await openPlayground()
  const said = await post(`/api/chats/${BORIS}/messages`, { from: BORIS, text: '  Привет  ' })
  expect(said).toEqual({ status: 201, body: { messageIds: [1] } })
  const { message } = await bot.take()
  expect(message).toMatchObject({
    text: 'Привет',
    chat: { id: BORIS, type: 'private' },
    from: { language_code: 'ru' },
  })
  await bot.call('sendChatAction', { chat_id: BORIS, action: 'typing' })
  expect((await get(`/api/chats/${BORIS}/messages`)).body.isTyping).toBe(true)
  await bot.call('sendMessage', {
    chat_id: BORIS,
    text: 'Да!',
    entities: [{ type: 'bold', offset: 0, length: 2 }],
  })
  const { body } = await get(`/api/chats/${BORIS}/messages`)
  expect(body.isTyping).toBe(false)
  expect(body.messages).toMatchObject([
    { id: 1, text: 'Привет', from: { id: BORIS, isBot: false } },
    { id: 2, text: 'Да!', from: { isBot: true }, entities: [{ type: 'bold', offset: 0, length: 2 }] },
  ])
  expect((await get(`/api/chats/${ANNA}/messages`)).body.messages).toEqual([])
})

test('in the group the bot hears who mentions it and who replies to it, nobody else', async () => {
  const { post, bot } = await openPlayground()
  await post(`/api/chats/${GROUP}/messages`, { from: ANNA, text: 'good morning all' })
  await post(`/api/chats/${GROUP}/messages`, { from: BORIS, text: '@chatlane_bot что читаем?' })
  const { message } = await bot.take()
  expect(message).toMatchObject({ from: { id: BORIS }, chat: { id: GROUP } })
  const { message_id } = await bot.call<{ message_id: number }>('sendMessage', {
    chat_id: GROUP,
    text: 'Книгу',
  })
  await post(`/api/chats/${GROUP}/messages`, { from: ANNA, text: 'which one?', replyTo: message_id })
  expect((await bot.take()).message).toMatchObject({ from: { id: ANNA }, reply_to_message: { message_id } })
})

test('an own message can be changed, a foreign one not', async () => {
  const { post, patch, get, bot } = await openPlayground()
  await post(`/api/chats/${ANNA}/messages`, { from: ANNA, text: 'helo' })
  await bot.take()
  expect((await patch(`/api/chats/${ANNA}/messages/1`, { from: ANNA, text: 'hello' })).status).toBe(200)
  expect((await bot.take()).edited_message).toMatchObject({ text: 'hello', message_id: 1 })
  expect((await get(`/api/chats/${ANNA}/messages`)).body.messages).toMatchObject([
    { text: 'hello', isEdited: true },
  ])
  expect((await patch(`/api/chats/${GROUP}/messages/1`, { from: ANNA, text: 'x' })).status).toBe(400)
})

test('a button under a message sends its data to the bot', async () => {
  const { post, bot } = await openPlayground()
  const { message_id } = await bot.call<{ message_id: number }>('sendMessage', {
    chat_id: ANNA,
    text: 'Which?',
    reply_markup: { inline_keyboard: [[{ text: 'This', callback_data: 'this' }]] },
  })
  const path = `/api/chats/${ANNA}/messages/${message_id}/presses`
  expect((await post(path, { from: ANNA, data: 'that' })).status).toBe(400)
  expect((await post(path, { from: ANNA, data: 'this' })).status).toBe(200)
  expect((await bot.take()).callback_query).toMatchObject({ data: 'this', from: { id: ANNA } })
})

test('the Stop button of a draft reaches the bot, and the draft is gone', async () => {
  const { post, get, bot } = await openPlayground()
  const draft = { chat_id: ANNA, draft_id: 7, text: 'so far', can_stop: true }
  await bot.call('sendMessageDraft', draft)
  const open = `/api/chats/${ANNA}/messages`
  expect((await get(open)).body.draft).toMatchObject({ draftId: 7, text: 'so far', canStop: true })
  expect((await post(`/api/chats/${ANNA}/stops`, { from: ANNA, draftId: 8 })).status).toBe(400)
  expect((await post(`/api/chats/${ANNA}/stops`, { from: ANNA, draftId: 7 })).status).toBe(200)
  expect((await bot.take()).stopped_message_generation).toMatchObject({ chat: { id: ANNA }, draft_id: 7 })
  expect((await get(open)).body.draft).toBeUndefined()
})

test('anybody may take a message away, once', async () => {
  const { remove, get, bot } = await openPlayground()
  const { message_id } = await bot.call<{ message_id: number }>('sendMessage', { chat_id: ANNA, text: 'x' })
  const path = `/api/chats/${ANNA}/messages/${message_id}`
  expect((await remove(path)).status).toBe(400)
  expect((await remove(`${path}?from=${ANNA}`)).status).toBe(200)
  expect((await remove(`${path}?from=${ANNA}`)).status).toBe(400)
  expect((await get(`/api/chats/${ANNA}/messages`)).body.messages).toEqual([])
})

test('files are served as what they are, and never as what a browser would run', async () => {
  const { address, get, bot } = await openPlayground()
  const script = new File(['<script>alert(1)</script>'], "it's.html", { type: 'text/html' })
  const png = new File([Buffer.from('89504e470d0a1a0a0000000d494844520000012c000000c8', 'hex')], 'a.svg')
  await bot.upload('sendDocument', { chat_id: ANNA }, { document: script })
  await bot.upload('sendPhoto', { chat_id: ANNA }, { photo: png })
  const { messages } = (await get(`/api/chats/${ANNA}/messages`)).body
  const files = (messages as { attachment: { kind: string; fileId: string; width?: number } }[]).map(
    ({ attachment }) => attachment,
  )
  expect(files).toMatchObject([
    { kind: 'document', fileName: "it's.html", sizeBytes: 25 },
    { kind: 'photo', width: 300, height: 200 },
  ])
  const [document, photo] = await Promise.all(
    files.map(({ fileId }) => fetch(`${address}/api/files/${fileId}`)),
  )
  expect(document?.headers.get('content-type')).toBe('application/octet-stream')
  expect(document?.headers.get('content-disposition')).toBe("attachment; filename*=UTF-8''it%27s.html")
  expect(document?.headers.get('x-content-type-options')).toBe('nosniff')
  expect(photo?.headers.get('content-type')).toBe('image/png')
  expect((await fetch(`${address}/api/files/unknown`)).status).toBe(404)
})

test('a long text is cut into messages as a client cuts it', async () => {
  const { post } = await openPlayground()
  const said = await post(`/api/chats/${ANNA}/messages`, { from: ANNA, text: 'я'.repeat(10_000) })
  expect(said.body).toEqual({ messageIds: [1, 2, 3] })
})

test('a person is added under an id that no earlier run gave', async () => {
  const { post, get, bot } = await openPlayground()
  const { status, body } = await post('/api/people', { name: ' Zoë ', languageCode: 'fr' })
  expect(status).toBe(201)
  expect(body).toMatchObject({ name: 'Zoë', languageCode: 'fr' })
  const second = (await post('/api/people', { name: 'Zoë', languageCode: 'fr' })).body
  const id = body.id
  expect(second.id).toBeGreaterThan(id)
  expect((await get('/api/state')).body.people.map((person) => person.id)).toContain(id)
  await post(`/api/chats/${id}/messages`, { from: id, text: 'salut' })
  expect((await bot.take()).message).toMatchObject({ chat: { id }, from: { language_code: 'fr' } })
})

test('a request that makes no sense is refused with the reason', async () => {
  const { post, patch, get } = await openPlayground()
  const path = `/api/chats/${ANNA}/messages`
  expect((await post(path, { from: ANNA, text: '   ' })).status).toBe(400)
  expect((await post(path, { from: ANNA, text: 5 })).status).toBe(400)
  expect((await post(path, { from: String(ANNA), text: 'a' })).status).toBe(400)
  expect((await post(path, { from: ANNA, text: 'a', extra: 1 })).status).toBe(400)
  expect((await post(path, { from: ANNA })).status).toBe(400)
  expect((await post(path, { from: 1, text: 'a' })).status).toBe(400)
  expect((await post(path, { from: BORIS, text: 'a' })).status).toBe(400)
  expect((await post(path, { from: ANNA, text: 'a', replyTo: 7 })).status).toBe(400)
  expect((await post(path, { from: ANNA, text: 'a'.repeat(20_481) })).status).toBe(400)
  expect((await post(path, { from: ANNA, text: 'a'.repeat(300_000) })).status).toBe(413)
  expect((await post('/api/chats/42/messages', { from: ANNA, text: 'a' })).status).toBe(404)
  expect((await get('/api/chats/42/messages')).status).toBe(404)
  expect((await get('/api/chats/x/messages')).status).toBe(400)
  expect((await patch(`${path}/1`, { from: ANNA, text: 'a' })).status).toBe(400)
  expect((await post('/api/people', { name: '', languageCode: 'en' })).status).toBe(400)
  expect((await post('/api/people', { name: 'a', languageCode: 'English' })).status).toBe(400)
  expect((await get(path)).body.messages).toEqual([])
})

test('the number of people is bounded', async () => {
  const { post } = await openPlayground()
  for (let n = 4; n <= 50; n++) {
    expect((await post('/api/people', { name: `Person ${n}`, languageCode: 'en' })).status).toBe(201)
  }
  expect((await post('/api/people', { name: 'One more', languageCode: 'en' })).status).toBe(409)
})

test('update ids of a later run are above those of an earlier one', async () => {
  const first = await openPlayground()
  for (let n = 1; n <= 3; n++) await first.post(`/api/chats/${ANNA}/messages`, { from: ANNA, text: `${n}` })
  const taken = [await first.bot.take(), await first.bot.take(), await first.bot.take()]
  await first.playground.stop()
  const tenths = Math.floor(Date.now() / 100)
  // Starting a playground takes longer in life; a run may not have made more updates than tenths of seconds went by.
  while (Math.floor(Date.now() / 100) < tenths + 3) await new Promise((resolve) => setTimeout(resolve, 20))
  const second = await openPlayground()
  await second.post(`/api/chats/${ANNA}/messages`, { from: ANNA, text: 'again' })
  expect((await second.bot.take()).update_id).toBeGreaterThan(
    Math.max(...taken.map((each) => each.update_id)),
  )
})

test('the stream tells every change once, as it happens', async () => {
  const { address, post, bot } = await openPlayground()
  const stopping = new AbortController()
  onTestFinished(() => stopping.abort())
  const stream = await fetch(`${address}/api/events`, { signal: stopping.signal })
  expect(stream.headers.get('content-type')).toContain('text/event-stream')
  expect(stream.headers.get('content-security-policy')).toContain("default-src 'none'")
  const changes = readChanges(stream)
  await post(`/api/chats/${ANNA}/messages`, { from: ANNA, text: 'hi' })
  await bot.call('sendChatAction', { chat_id: ANNA, action: 'typing' })
  await bot.call('sendMessageDraft', { chat_id: ANNA, draft_id: 1, text: 'He' })
  await bot.call('sendMessage', { chat_id: ANNA, text: 'Hey' })
  await bot.call('editMessageText', { chat_id: ANNA, message_id: 2, text: 'Hello' })
  await bot.call('setMessageReaction', {
    chat_id: ANNA,
    message_id: 1,
    reaction: [{ type: 'emoji', emoji: '👍' }],
  })
  await bot.call('deleteMessage', { chat_id: ANNA, message_id: 2 })
  await post('/api/people', { name: 'Zoë', languageCode: 'fr' })
  const expected = [
    { kind: 'message', isNew: true, message: { id: 1, chatId: ANNA, text: 'hi' } },
    { kind: 'typing', chatId: ANNA },
    { kind: 'draft', chatId: ANNA, draft: { draftId: 1, text: 'He', canStop: false } },
    { kind: 'message', isNew: true, message: { id: 2, text: 'Hey' } },
    { kind: 'message', isNew: false, message: { id: 2, text: 'Hello', isEdited: true } },
    { kind: 'reaction', chatId: ANNA, messageId: 1, reactions: ['👍'] },
    { kind: 'delete', chatId: ANNA, messageIds: [2] },
    { kind: 'people' },
  ]
  for (const change of expected) expect((await changes.next()).value).toMatchObject(change)
})

async function* readChanges(stream: Response): AsyncGenerator<unknown, void> {
  let unread = ''
  const decoder = new TextDecoder()
  for await (const chunk of stream.body ?? []) {
    unread += decoder.decode(chunk, { stream: true })
    const events = unread.split('\n\n')
    unread = events.pop() ?? ''
    for (const event of events) if (event.startsWith('data: ')) yield JSON.parse(event.slice(6))
  }
}
