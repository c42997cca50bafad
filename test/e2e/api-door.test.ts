import { createHash } from 'node:crypto'
import { openTestServer, until } from '@chatlane/test-kit'
import { expect, test } from 'vitest'
import { type Answered, type Door, messageIdOf, openDoor, request } from './door.ts'
import { openStack, type Stack, TOKEN } from './stack.ts'

const ANNA = 11
const BOT = TOKEN.split(':')[0] ?? ''
const WAIT_NOT = { 'chatlane-wait': '0' }
const keyed = (key: string) => ({ 'idempotency-key': key })

const textsIn = (stack: Stack, chat = ANNA) =>
  stack.telegram
    .messages(chat)
    .filter(({ by }) => by === 'bot')
    .map(({ message }) => message.text)

/** A stack with one person, the door, and a sender unless `withSender` says no. */
async function openAll({ withSender = true } = {}): Promise<{ stack: Stack; door: Door }> {
  const stack = await openStack({})
  stack.telegram.phone.createUser({ id: ANNA })
  const [door] = await Promise.all([openDoor(stack), withSender ? stack.start('sender') : undefined])
  return { stack, door }
}

function uploadOf(bytes: Uint8Array<ArrayBuffer>): FormData {
  const form = new FormData()
  form.set('chat_id', String(ANNA))
  form.set('caption', 'a {brace}')
  form.set('reply_markup', JSON.stringify({ inline_keyboard: [[{ text: 'Yes', callback_data: 'y' }]] }))
  form.set('document', new Blob([bytes]), 'a.bin')
  return form
}

test('a call is taken as JSON, as a form, from the address and with a file, and answered as Telegram answers', async () => {
  const { stack, door } = await openAll()
  const url = `${door.url}/bot${TOKEN}`
  const keyboard = JSON.stringify({ inline_keyboard: [[{ text: 'Yes', callback_data: 'y' }]] })
  const multipart = new FormData()
  for (const [name, value] of Object.entries({ chat_id: `${ANNA}`, text: '[4]' })) multipart.set(name, value)
  const fields = { chat_id: `${ANNA}`, text: '{3}', reply_markup: keyboard }
  const answers = [
    await door.call('sendMessage', { chat_id: ANNA, text: '1' }),
    await request(`${url}/SENDMESSAGE?chat_id=${ANNA}&text=${encodeURIComponent('2 &ß')}`),
    await request(`${url}/sendMessage`, { method: 'POST', body: new URLSearchParams(fields) }),
    await request(`${url}/sendMessage`, { method: 'POST', body: multipart }),
  ]
  expect(answers.map(({ status, body }) => [status, body.ok])).toEqual(answers.map(() => [200, true]))
  expect(textsIn(stack)).toEqual(['1', '2 &ß', '{3}', '[4]'])
  const posted = stack.telegram.message(ANNA, messageIdOf(answers[2] as Answered))?.message
  expect(answers[2]?.body.result).toEqual(posted)
  expect(posted?.reply_markup).toEqual(JSON.parse(keyboard))

  const bytes = crypto.getRandomValues(new Uint8Array(60_000))
  const sent = await request(`${url}/sendDocument`, { method: 'POST', body: uploadOf(bytes) })
  expect(sent.body.result).toMatchObject({ caption: 'a {brace}', document: { file_name: 'a.bin' } })
  const { file_id } = (sent.body.result as { document: { file_id: string } }).document
  expect(Buffer.from(stack.telegram.file(file_id)?.bytes ?? []).equals(bytes)).toBe(true)

  const { body } = await door.call('getFile', { file_id })
  const { file_path } = body.result as { file_path: string }
  const file = await fetch(`${door.url}/file/bot${TOKEN}/${file_path}`)
  expect(Buffer.from(await file.arrayBuffer()).equals(bytes)).toBe(true)
  const climbing = `${door.url}/file/bot${TOKEN}/x%2F..%2F..%2F..%2Fbot${TOKEN}%2FgetMe`
  expect((await request(climbing)).body).toEqual({ ok: false, error_code: 404, description: 'Not Found' })
  expect(stack.telegram.ledger().bots[0]?.calls.getMe).toBeUndefined()
})

test('who has no token of ours is refused, and no log holds a token', async () => {
  const { stack, door } = await openAll({ withSender: false })
  const unauthorized = { ok: false, error_code: 401, description: 'Unauthorized' }
  for (const token of [`${TOKEN}x`, '9:AAsomebody-elses-token', `${BOT}:`, 'nonsense', TOKEN.slice(0, -1)]) {
    for (const path of [`bot${token}/getMe`, `bot${token}/sendMessage`, `file/bot${token}/photos/1.jpg`]) {
      const { status, body } = await request(`${door.url}/${path}`)
      expect([path, status, body]).toEqual([path, 401, unauthorized])
    }
  }
  for (const path of [
    '',
    'getMe',
    `bot${TOKEN}`,
    `bot${TOKEN}/get%20Me`,
    `bot${TOKEN}/a/b`,
    `bot${TOKEN}%zz/getMe`,
  ]) {
    const { status, body } = await request(`${door.url}/${path}`)
    expect([path, status, body.description]).toEqual([path, 404, 'Not Found'])
  }
  expect((await request(`${door.url}/bot${TOKEN}/getMe`, { method: 'PUT' })).status).toBe(404)
  expect(stack.telegram.ledger().bots[0]?.calls).toEqual({})
  expect(door.gateway.lines.join()).not.toContain(TOKEN.split(':')[1])
})

test('what Telegram refuses is refused in its own words', async () => {
  const { stack, door } = await openAll()
  const { telegram } = stack
  telegram.phone.createUser({ id: 12 })
  telegram.phone.setBlocked({ from: 12, blocked: true })
  const both = async (method: string, payload: object) => {
    const options = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(payload),
    }
    const itself = await request(`${telegram.url}/bot${TOKEN}/${method}`, options)
    const through = await door.call(method, payload)
    expect([through.status, through.body]).toEqual([itself.status, itself.body])
    expect(through.body.ok).toBe(false)
    return through.status
  }
  expect(await both('sendMessage', { chat_id: 404404, text: 'a' })).toBe(400)
  expect(await both('sendMessage', { text: 'a' })).toBe(400)
  expect(await both('sendMessage', { chat_id: ANNA })).toBe(400)
  expect(await both('sendMessage', { chat_id: ANNA, text: 'a', reply_markup: 'no JSON' })).toBe(400)
  expect(await both('sendMessage', { chat_id: 12, text: 'a' })).toBe(403)
  expect(await both('getFile', { file_id: 'none' })).toBe(400)
  expect(await both('noSuchMethod', {})).toBe(404)

  telegram.addFault({ kind: 'flood', method: 'getMe', retryAfterSeconds: 7 })
  const flooded = await door.call('getMe')
  expect([flooded.status, flooded.headers.get('retry-after'), flooded.body.parameters]).toEqual([
    429,
    '7',
    { retry_after: 7 },
  ])
  telegram.addFault({ kind: 'hang-up', method: 'getMe' })
  expect((await door.call('getMe')).body.error_code).toBe(504)
  const wrong = await request(`${door.url}/bot${TOKEN}/sendMessage`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '[1]',
  })
  expect([wrong.status, wrong.body.description]).toEqual([400, 'Bad Request: JSON object expected'])
  for (const headers of [{ 'chatlane-priority': 'now' }, { 'chatlane-wait': '1' }, keyed('x'.repeat(256))])
    expect((await door.call('sendMessage', { chat_id: ANNA, text: 'a' }, headers)).status).toBe(400)
  expect(textsIn(stack)).toEqual([])
})

test('a call that is repeated with its key is made once, also by another gateway, and remembered for a day', async () => {
  const { stack, door } = await openAll()
  const hello = { chat_id: ANNA, text: 'hello' }
  const first = await Promise.all([1, 2, 3, 4, 5].map(() => door.call('sendMessage', hello, keyed('k'))))
  const bytes = crypto.getRandomValues(new Uint8Array(1000))
  const upload = (to: Door) =>
    request(`${to.url}/bot${TOKEN}/sendDocument`, {
      method: 'POST',
      headers: keyed('file'),
      body: uploadOf(bytes),
    })
  const uploads = await Promise.all([upload(door), upload(door)])
  const reads = await Promise.all([1, 2, 3].map(() => door.call('getMe', {}, keyed('me'))))
  await door.gateway.kill()
  const other = await openDoor(stack)
  const again = await other.call('sendMessage', hello, keyed('k'))
  for (const { status, body } of [...first, again]) expect([status, body]).toEqual([200, first[0]?.body])
  for (const { body } of [...uploads, await upload(other)]) expect(body).toEqual(uploads[0]?.body)
  for (const { body } of [...reads, await other.call('getMe', {}, keyed('me'))])
    expect(body).toEqual(reads[0]?.body)
  expect(stack.telegram.ledger().bots[0]?.calls).toEqual({ sendMessage: 1, sendDocument: 1, getMe: 1 })

  const misused = [
    await other.call('sendMessage', { ...hello, chat_id: 12 }, keyed('k')),
    await other.call('deleteMessage', { chat_id: ANNA, message_id: 1 }, keyed('k')),
    await other.call('getChat', { chat_id: ANNA }, keyed('me')),
  ]
  expect(misused.map(({ status }) => status)).toEqual([422, 422, 422])

  const id = `i${createHash('sha256').update('k').digest('base64url').slice(0, 24)}`
  const { redis, prefix } = stack.redis
  expect(await redis.ttl(`${prefix}:{s0}:call:${id}:${BOT}:${ANNA}`)).toBeGreaterThan(23 * 3600)
})

test('who does not wait is told once the call is durable, and nothing depends on who made it', async () => {
  const { stack, door } = await openAll({ withSender: false })
  const later = await door.call('sendMessage', { chat_id: ANNA, text: 'later' }, WAIT_NOT)
  expect([later.status, later.body]).toEqual([202, { ok: true, result: { id: expect.any(String) } }])
  const nowhere = await door.call('sendMessage', { text: 'nowhere' }, WAIT_NOT)
  expect([nowhere.status, nowhere.body.description]).toEqual([400, 'Bad Request: chat_id is empty'])
  const file = await request(`${door.url}/bot${TOKEN}/sendDocument`, {
    method: 'POST',
    headers: WAIT_NOT,
    body: uploadOf(new Uint8Array(3)),
  })
  expect([file.status, file.body.description]).toEqual([400, expect.stringContaining('Chatlane-Wait')])

  const leaving = new AbortController()
  const left = request(`${door.url}/bot${TOKEN}/sendMessage?chat_id=${ANNA}&text=left`, {
    signal: leaving.signal,
  }).catch(() => 'left')
  const held = async () => {
    const metrics = await fetch(`${await door.gateway.address}/metrics`).then((answer) => answer.text())
    return Number(/^chatlane_gateway_api_calls (\d+)/m.exec(metrics)?.[1])
  }
  await until(async () => (await held()) === 1)
  await until(
    async () => (await stack.redis.redis.zcard(`${stack.redis.prefix}:{s0}:out:${BOT}:${ANNA}`)) === 2,
  )
  leaving.abort()
  expect(await left).toBe('left')
  await door.gateway.kill()
  await stack.start('sender')
  await stack.telegram.waitUntil(() => textsIn(stack).length === 2, 30_000)
  expect(textsIn(stack)).toEqual(['later', 'left'])
})

test('a broadcast waits behind replies', async () => {
  const { stack, door } = await openAll({ withSender: false })
  const broadcast = { ...WAIT_NOT, 'chatlane-priority': 'broadcast' }
  for (const n of [1, 2]) await door.call('sendMessage', { chat_id: ANNA, text: `news ${n}` }, broadcast)
  const reply = { ...WAIT_NOT, 'chatlane-priority': 'reply' }
  await door.call('sendMessage', { chat_id: ANNA, text: 'reply 1' }, reply)
  await door.call('sendMessage', { chat_id: ANNA, text: 'reply 2' }, WAIT_NOT)
  await stack.start('sender')
  await stack.telegram.waitUntil(() => textsIn(stack).length === 4, 30_000)
  expect(textsIn(stack)).toEqual(['reply 1', 'reply 2', 'news 1', 'news 2'])
})

test('while Redis is away callers are told when to try again, and answers to queries leave all the same', async () => {
  const { server } = await openTestServer()
  const stack = await openStack({ environment: { REDIS_URL: server.url } })
  const door = await openDoor(stack)
  await server.stop()
  const send = () => door.call('sendMessage', { chat_id: ANNA, text: 'a' })
  const refused = await until(async () => {
    const answer = await send()
    return answer.status === 503 ? answer : undefined
  })
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(refused.body).toMatchObject({ ok: false, error_code: 503 })
  expect((await door.call('getMe')).status).toBe(503)
  const answered = await door.call('answerCallbackQuery', { callback_query_id: '1' })
  expect(answered.body.description).toContain('query is too old')
})

test('a call that Redis may have is not refused as if it had not', async () => {
  const { server, redis } = await openTestServer()
  const stack = await openStack({ environment: { REDIS_URL: server.url } })
  stack.telegram.phone.createUser({ id: ANNA })
  const [door] = await Promise.all([openDoor(stack), stack.start('sender')])
  await redis.call('CLIENT', 'PAUSE', 60_000, 'WRITE')
  const unsure = await door.call('sendMessage', { chat_id: ANNA, text: 'a' })
  expect([unsure.status, unsure.body.description]).toEqual([
    504,
    expect.stringContaining('may still be made'),
  ])
  await redis.call('CLIENT', 'UNPAUSE')
  await stack.telegram.waitUntil(() => textsIn(stack).length === 1, 30_000)
  expect(textsIn(stack)).toEqual(['a'])
})
