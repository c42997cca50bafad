import { createTelegramSimulator, type TelegramSimulator } from '@chatlane/simulators'
import { Telegram } from 'telegraf'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createHost, listen, load, say, TOKEN } from './author.ts'

async function startSimulator(): Promise<TelegramSimulator> {
  const bots = [
    { token: TOKEN, username: 'lane_bot', firstName: 'Lane' },
    { token: '701:secret', username: 'other_bot', firstName: 'Other' },
    { token: '222:the-token-of-another-bot', username: 'reports_bot', firstName: 'Reports' },
  ]
  const simulator = await createTelegramSimulator({ bots, unknownChats: 'create' })
  onTestFinished(() => simulator.close())
  simulator.phone.createUser({ id: 5, firstName: 'Ann' })
  return simulator
}

describe('a call', () => {
  test('reaches the host with its turn where it is the context’s, without where it is not', async () => {
    const handlers = await load('calls.mjs')
    await say(handlers, '/both')
    const call = { token: TOKEN, method: 'sendMessage', hasFiles: false }
    expect(handlers.host.calls).toEqual([
      { ...call, turn: 'turn', payload: { chat_id: 1, text: 'by the context' } },
      { ...call, turn: undefined, payload: { chat_id: 2, text: 'by the bot' } },
      { ...call, turn: undefined, payload: { chat_id: 3, text: 'by a client of its own' } },
    ])
  })

  test('of a file that serves several bots has the token of the bot that got the update', async () => {
    const handlers = await load('calls.mjs')
    await Promise.all([say(handlers, '/both', { token: '701:secret' }), say(handlers, '/both')])
    const tokensTo = (chat: number) =>
      handlers.host.calls
        .filter(({ payload }) => payload.chat_id === chat)
        .map(({ token }) => token)
        .sort()
    for (const chat of [1, 2, 3]) expect(tokensTo(chat)).toEqual([TOKEN, '701:secret'])
  })

  test('is described as Telegraf would write it: without what is null or undefined', async () => {
    const handlers = await load('calls.mjs')
    await say(handlers, '/null')
    expect(handlers.host.calls[0]?.payload).toStrictEqual({ chat_id: 5, text: 'text' })
  })

  test('of another bot of the author is made as plain Telegraf makes it', async () => {
    const simulator = await startSimulator()
    vi.stubEnv('REPORTS_API_ROOT', simulator.url)
    onTestFinished(() => void vi.unstubAllEnvs())
    const handlers = await load('calls.mjs')
    await say(handlers, '/report')
    expect(handlers.host.calls).toEqual([])
    expect(simulator.messages(5, 222)).toMatchObject([{ message: { text: 'an error' } }])
  })

  test('of an update that the author handles again reaches the host', async () => {
    const handlers = await load('calls.mjs')
    await say(handlers, '/itself')
    expect(handlers.host.calls).toMatchObject([
      { turn: undefined, token: TOKEN, payload: { chat_id: 5, text: 'handled again' } },
    ])
  })

  test('brings the author’s signal along', async () => {
    const host = createHost(({ signal }) => ({ ok: true, result: signal?.reason }))
    const reasons: unknown[] = []
    const call = host.call.bind(host)
    host.call = async (made) => {
      reasons.push(made.signal?.reason)
      return call(made)
    }
    await say(await load('calls.mjs', { host }), '/aborted')
    expect(reasons).toEqual(['the author had enough'])
  })

  test('that the host can not make rejects with the host’s error', async () => {
    const lost = new Error('the turn was replaced')
    const host = createHost(() => {
      throw lost
    })
    await expect(say(await load('calls.mjs', { host }), '/both')).rejects.toBe(lost)
  })
})

test('a refusal is the TelegramError of plain Telegraf', async () => {
  const said = listen()
  const parameters = { migrate_to_chat_id: -1001 }
  const description = 'Forbidden: bot was blocked by the user'
  const host = createHost(() => ({ ok: false, error_code: 403, description, parameters }))
  await say(await load('calls.mjs', { host }), '/refused')
  const on = { method: 'sendMessage', payload: { chat_id: 5, text: 'hello' } }
  expect(said).toEqual([{ isTelegramError: true, code: 403, description, parameters, on }])
})

test('a file is uploaded directly, as often as the host likes, and its link is of our server and token', async () => {
  const simulator = await startSimulator()
  const said = listen()
  const host = createHost(async ({ direct, hasFiles }) => {
    if (hasFiles) await direct()
    return { ok: true, result: await direct() }
  })
  await say(await load('calls.mjs', { host, apiRoot: simulator.url }), '/file')
  expect(host.calls.map(({ method, hasFiles }) => ({ method, hasFiles }))).toEqual([
    { method: 'sendDocument', hasFiles: true },
    { method: 'getFile', hasFiles: false },
    { method: 'getFile', hasFiles: false },
  ])
  expect(simulator.messages(5)).toHaveLength(2)
  const [{ fileId, links }] = said as [{ fileId: string; links: string[] }]
  expect(simulator.file(fileId)).toMatchObject({ bytes: Buffer.from('the bytes'), fileName: 'note.txt' })
  expect(links[1]).toBe(links[0])
  expect(links[0]).toContain(`${simulator.url}/file/bot${TOKEN}/`)
  expect(await (await fetch(links[0] ?? '')).text()).toBe('the bytes')
})

test('a direct call has the token of its call, even when the run has ended', async () => {
  const simulator = await startSimulator()
  const direct: (() => Promise<unknown>)[] = []
  const host = createHost((call) => {
    direct.push(call.direct)
    return { ok: true, result: true }
  })
  await say(await load('calls.mjs', { host, apiRoot: simulator.url }), '/both', { token: '701:secret' })
  for (const call of direct) await call()
  const chats = [1, 2, 3].map((chat) => simulator.messages(chat, 701).length)
  expect(chats).toEqual([1, 1, 1])
})

test('an error of a direct call shows no token', async () => {
  const host = createHost(async ({ direct }) => ({ ok: true, result: await direct() }))
  const handlers = await load('calls.mjs', { host })
  const error = await say(handlers, '/both').catch((thrown: Error) => thrown)
  expect(error).toBeInstanceOf(Error)
  expect((error as Error).message).toContain('ECONNREFUSED')
  expect((error as Error).message).not.toContain('secret')
})

test('the platform’s own clients stay as they are, also in what follows the author’s code', async () => {
  const simulator = await startSimulator()
  const handlers = await load('middleware.mjs')
  const next = async () => {
    await new Telegram(TOKEN, { apiRoot: simulator.url }).sendMessage(5, 'the assistant')
  }
  await say(handlers, 'hello', { next })
  expect(handlers.host.texts()).toEqual(['before', 'after'])
  expect(simulator.messages(5)).toMatchObject([{ message: { text: 'the assistant' } }])
})

test('a client for calls of no turn calls through the host, as the bot that it was asked for', async () => {
  const handlers = await load('calls.mjs')
  const extra = { reply_markup: null } as object
  await handlers.telegramOf('701:secret').sendMessage(5, 'by the clock', extra)
  await handlers.telegramOf(TOKEN).deleteWebhook()
  const call = { method: 'sendMessage', turn: undefined, token: '701:secret', hasFiles: false }
  expect(handlers.host.calls).toStrictEqual([{ ...call, payload: { chat_id: 5, text: 'by the clock' } }])
  expect(handlers.host.ignored).toEqual(['deleteWebhook'])
})
