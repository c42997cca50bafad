import { createKeys, createRecipients } from '@chatlane/lanes'
import { expect, test } from 'vitest'
import { AUTHORIZATION, openMonitor, readBoard } from './open-monitor.ts'

const ORDER = { text: '**News**', chats: [1, 2, '-1001234567890', 2] }

/** A monitor through which broadcasts may be sent. */
async function openSending(change: Parameters<typeof openMonitor>[0] = {}) {
  const monitor = await openMonitor({ write: true, ...change })
  const { redis, prefix } = monitor
  const recipients = createRecipients({ redis, keys: createKeys({ prefix, shards: 1 }) })
  return { ...monitor, recipients, base: monitor.keys.bot('1') }
}

async function json(response: Response) {
  return (await response.json()) as Record<string, unknown>
}

/** The call that is kept, behind the mark of its format. */
function callIn(kept: string | null): unknown {
  return JSON.parse(kept?.slice(kept.indexOf('{')) ?? '')
}

test('a broadcast is made by one call and counted by others', async () => {
  const { post, get, redis, base } = await openSending()
  const made = await post('/broadcasts', ORDER)
  expect(made.status).toBe(202)
  expect(await json(made)).toMatchObject({ id: '1-1', bot: '1', to: 'list', total: 3, state: 'running' })
  expect(callIn(await redis.hget(`${base}:bc:1-1`, 'payload'))).toEqual({
    ...{ method: 'sendMessage', chatId: 0, text: 'News' },
    entities: [{ type: 'bold', offset: 0, length: 4 }],
  })
  expect(await redis.lrange(`${base}:bc:1-1:list`, 0, -1)).toEqual(['-1001234567890', '1', '2'])
  expect(await json(await get('/broadcasts/1-1'))).toMatchObject({ id: '1-1', sent: 0, unknown: 0, total: 3 })
  expect(await json(await get('/broadcasts'))).toMatchObject({ broadcasts: [{ id: '1-1' }] })
  expect((await get('/broadcasts/1-2')).status).toBe(404)
  expect((await get('/broadcasts/nonsense')).status).toBe(404)
})

test('a photo goes to all, paid for where that is asked', async () => {
  const { post, audience, redis, base } = await openSending()
  for (const chat of ['5', '6']) await audience.join('1', chat)
  const order = { photo: 'https://example.org/a.png', text: 'Look', chats: 'all', paid: 500 }
  const made = await json(await post('/broadcasts', order))
  expect(made).toMatchObject({ to: 'all', total: 2, paidPerSecond: 500 })
  expect(callIn(await redis.hget(`${base}:bc:1-1`, 'payload'))).toMatchObject({
    ...{ method: 'sendPhoto', payload: { photo: 'https://example.org/a.png', caption: 'Look' } },
  })
  const free = await json(await post('/broadcasts', { text: 'Hi', chats: 'all', paid: false }))
  expect(free).not.toHaveProperty('paidPerSecond')
  expect(await json(await post('/broadcasts', { text: 'Hi', chats: 'all', paid: true }))).toMatchObject({
    paidPerSecond: 1000,
  })
})

test('a broadcast is stopped, goes on, and is sent again to whom it may not have reached', async () => {
  const { post, get, recipients, redis, keys, base } = await openSending()
  await post('/broadcasts', { text: 'Hi', chats: [7] })
  const chat = { botId: '1', homeId: '7' }
  await redis.hset(`${base}:open`, '7', 'w|0||')
  await recipients.attempt(chat, 'old')
  await recipients.handOver(chat, 'old')
  expect((await recipients.attempt(chat, 'new')).kind).toBe('unknown')
  expect(await json(await get('/broadcasts/1-1/unknown'))).toEqual({ chats: [7] })
  const early = await post('/broadcasts/1-1/resend')
  expect([early.status, await json(early)]).toEqual([409, { error: '1-1 has not ended yet' }])
  expect(await json(await post('/broadcasts/1-1/stop'))).toMatchObject({ state: 'stopping' })
  expect(await json(await post('/broadcasts/1-1/resume'))).toMatchObject({ state: 'running' })
  await redis.hset(`${keys.bot('1')}:bc:1-1`, 'state', 'done')
  await redis.hset(`${base}:bc:1-1:unknown`, '7', '1|old')
  const resent = await post('/broadcasts/1-1/resend')
  expect([resent.status, await json(resent)]).toMatchObject([202, { id: '1-2', total: 1 }])
  expect(await json(await post('/broadcasts/1-1/resend'))).toEqual({ error: 'that was done already, as 1-2' })
  for (const path of ['/broadcasts/1-9/stop', '/broadcasts/1-9/resend', '/broadcasts/x/resume'])
    expect([path, (await post(path)).status]).toEqual([path, 404])
})

test('without the password nothing is told and nothing is sent', async () => {
  const { address } = await openSending()
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify(ORDER)
  expect((await fetch(`${address}/broadcasts`, { method: 'POST', headers, body })).status).toBe(401)
  for (const path of ['/broadcasts', '/broadcasts/1-1', '/broadcasts/1-1/unknown'])
    expect([path, (await fetch(address + path)).status]).toEqual([path, 401])
})

test('only a monitor that may write and has a password sends; the answer names what is missing', async () => {
  const readOnly = await openMonitor()
  const open = await openMonitor({ write: true, password: undefined })
  for (const [{ post, get, broadcasts }, missing] of [
    [readOnly, 'MONITOR_WRITE=true'],
    [open, 'MONITOR_PASSWORD'],
  ] as const) {
    for (const path of ['/broadcasts', '/broadcasts/1-1/stop', '/broadcasts/1-1/resend']) {
      const refused = await post(path, ORDER)
      expect([path, refused.status]).toEqual([path, 403])
      expect((await json(refused)).error).toContain(missing)
    }
    expect(await broadcasts.list('1')).toEqual([])
    expect((await get('/broadcasts')).status).toBe(200)
  }
})

test('a page of another site sends nothing with the password that a browser remembers', async () => {
  const { address, post, broadcasts } = await openSending()
  const foreign = [{ origin: 'https://evil.example' }, { origin: 'null' }, { 'sec-fetch-site': 'cross-site' }]
  for (const headers of foreign) expect((await post('/broadcasts', ORDER, headers)).status).toBe(403)
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'])
    expect([type, (await post('/broadcasts', ORDER, { 'content-type': type })).status]).toEqual([type, 415])
  const bare = await fetch(`${address}/broadcasts/1-1/stop`, { method: 'POST', headers: AUTHORIZATION })
  expect(bare.status).toBe(415)
  expect(await broadcasts.list('1')).toEqual([])
  expect((await post('/broadcasts', ORDER, { origin: address })).status).toBe(202)
})

test('an order that is wrong is one line, and nothing is sent', async () => {
  const { post, broadcasts } = await openSending()
  const wrong: [unknown, RegExp][] = [
    ['{', /^expected JSON$/],
    [[], /^expected a JSON object$/],
    [{ chats: [1] }, /^text: expected one, or a photo$/],
    [{ ...ORDER, text: 5 }, /^text: expected Markdown$/],
    [{ ...ORDER, text: 'a'.repeat(4097) }, /^text: found 4097 characters, expected at most 4096 /],
    [
      { ...ORDER, photo: 'AgAC', text: 'a'.repeat(1025) },
      /^text: found 1025 characters, expected at most 1024 /,
    ],
    [{ ...ORDER, photo: '' }, /^photo: /],
    [{ text: 'Hi' }, /^chats: expected "all" or a list of chat ids$/],
    [{ text: 'Hi', chats: [] }, /^chats: /],
    [{ text: 'Hi', chats: [1, '@name'] }, /^chats: /],
    [{ text: 'Hi', chats: [1.5] }, /^chats: /],
    [{ ...ORDER, paid: 2000 }, /^paid: /],
    [{ ...ORDER, bot: 2 }, /^bot: expected one of 1$/],
    [{ ...ORDER, txet: 'Hi' }, /^"txet": expected one of bot, text, photo, chats, paid$/],
  ]
  for (const [order, message] of wrong) {
    const refused = await post('/broadcasts', order)
    expect([order, refused.status]).toEqual([order, 400])
    expect((await json(refused)).error).toMatch(message)
  }
  expect((await post('/broadcasts', { text: 'Hi', chats: 'all' })).status).toBe(409)
  expect(await broadcasts.list('1')).toEqual([])
})

test('where no token is set, or several are, the bot must be named', async () => {
  const none = await openSending({ botIds: [] })
  expect((await none.post('/broadcasts', ORDER)).status).toBe(400)
  expect(await json(await none.post('/broadcasts', { ...ORDER, bot: '42' }))).toMatchObject({ id: '42-1' })
  expect(await json(await none.get('/broadcasts?bot=42'))).toMatchObject({ broadcasts: [{ id: '42-1' }] })
  expect((await none.get('/broadcasts?bot=x')).status).toBe(400)
  const several = await openSending({ botIds: ['1', '2'] })
  expect(await json(await several.post('/broadcasts', ORDER))).toEqual({ error: 'bot: expected one of 1, 2' })
  expect((await several.post('/broadcasts', { ...ORDER, bot: 2 })).status).toBe(202)
})

test('a list of two million chats is taken, a longer body is not', async () => {
  const { post } = await openSending()
  const chats = Array.from({ length: 2_000_000 }, (_, n) => 1_000_000_000 + n)
  expect(await json(await post('/broadcasts', { text: 'Hi', chats }))).toMatchObject({ total: 2_000_000 })
  const tooLong = await post('/broadcasts', `{"text":"${' '.repeat(32 * 1024 * 1024)}"}`)
  expect(tooLong.status).toBe(413)
})

test('Bull Board shows a broadcast as a job with its progress and without its text', async () => {
  const { post, get, jobs } = await openSending()
  await post('/broadcasts', { text: 'a secret text', chats: [1, 2, 3, 4] })
  const job = await jobs.queue.getJob('1-1')
  await job?.updateProgress({ progress: 25, state: 'running', total: 4, sent: 1 })
  const board = await readBoard(get, '?activeQueue=broadcasts')
  const [shown] = board.get('broadcasts')?.jobs ?? []
  expect(shown).toMatchObject({ id: '1-1', data: { bot: '1', broadcast: '1-1', total: 4 } })
  expect(shown?.progress).toMatchObject({ progress: 25, sent: 1 })
  expect(JSON.stringify(shown)).not.toContain('secret')
  expect(board.get('broadcasts')?.counts.waiting).toBe(1)
  const metrics = await (await get('/metrics')).text()
  expect(metrics).toContain('chatlane_queue_jobs{queue="broadcasts",state="waiting"} 1')
})
