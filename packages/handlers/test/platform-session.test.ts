import { createRequire } from 'node:module'
import { Composer, Context, Telegram } from 'telegraf'
import type { Update } from 'telegraf/types'
import { describe, expect, test } from 'vitest'
import { createHost, load, say } from './author.ts'

test('a wizard goes on over the host’s sessions', async () => {
  const host = createHost()
  for (const text of ['/order', 'Ann', 'Ulm']) await say(await load('wizard.mjs', { host }), text)
  expect(host.texts()).toEqual(['your name?', 'your city?', 'Ann of Ulm'])
})

describe('a session', () => {
  test('begins as defaultSession says, and is kept by user and chat', async () => {
    const handlers = await load('sessions.mjs')
    await say(handlers, '/count', { chat: 9 })
    await say(handlers, '/count', { chat: 9, turn: 'the second' })
    expect(handlers.host.texts()).toEqual(['count 1', 'count 2'])
    expect([...handlers.host.sessions]).toEqual([['session 5:9', '{"count":2}']])
    expect([...handlers.host.turnsOfSessions]).toEqual(['turn', 'the second'])
  })

  test('has the author’s key and property', async () => {
    const handlers = await load('sessions.mjs')
    await say(handlers, '/share')
    expect([...handlers.host.sessions]).toEqual([['shared by all', '{"by":5}']])
  })

  test('that was not touched is not written', async () => {
    const handlers = await load('sessions.mjs')
    await say(handlers, 'hello')
    expect(handlers.host.sessions.size).toBe(0)
  })

  test('that is null is removed', async () => {
    const handlers = await load('sessions.mjs')
    await say(handlers, '/count')
    await say(handlers, '/forget')
    expect(handlers.host.sessions.size).toBe(0)
  })

  test('is written although the handler threw', async () => {
    const handlers = await load('sessions.mjs')
    await expect(say(handlers, '/fail')).rejects.toThrow('after the change')
    expect([...handlers.host.sessions]).toEqual([['session 5:5', '{"count":10}']])
  })

  test('without a key is there, and undefined', async () => {
    const handlers = await load('sessions.mjs')
    await say(handlers, '/nokey')
    expect(handlers.host.texts()).toEqual(['true undefined'])
  })

  test('with a store of the author’s is in the store, also in CommonJS', async () => {
    const handlers = await load('stored.cjs')
    await say(handlers, '/keep')
    expect([...handlers.host.sessions]).toEqual([['hosted 5:5', '"by the host"']])
    await say(handlers, 'what is there?')
    expect(handlers.host.texts()).toEqual(['[["5:5",{"kept":true}]]'])
  })

  test('of an update that the author handles himself is in memory', async () => {
    const handlers = await load('sessions.mjs')
    for (let time = 0; time < 2; time++) await say(handlers, '/itself')
    expect(handlers.host.sessions.size).toBe(0)
    expect(handlers.host.texts()).toEqual(['count 1', 'count 2'])
  })
})

test('sessions of several loads do not mix', async () => {
  const [one, other] = [await load('sessions.mjs'), await load('sessions.mjs')]
  await Promise.all([say(one, '/count'), say(other, '/share'), say(one, '/count', { from: 6 })])
  expect([...one.host.sessions.keys()].sort()).toEqual(['session 5:5', 'session 6:6'])
  expect([...other.host.sessions.keys()]).toEqual(['shared by all'])
})

test('the platform’s own use of session() stays as it is', async () => {
  await load('sessions.mjs')
  // The module itself, which is patched: the names that this file imports were taken before.
  const { session } = createRequire(import.meta.url)('telegraf') as typeof import('telegraf')
  const seen: unknown[] = []
  const composer = new Composer<Context & { session?: number }>()
  composer.use(session(), (ctx) => {
    ctx.session = (ctx.session ?? 0) + 1
    seen.push(ctx.session)
  })
  const chat = { id: 5, type: 'private' as const, first_name: 'Ann' }
  const from = { id: 5, is_bot: false, first_name: 'Ann' }
  const update: Update = { update_id: 1, message: { message_id: 1, date: 1, chat, from, text: 'hello' } }
  for (let time = 0; time < 2; time++) {
    const ctx = new Context(update, new Telegram('700:secret'), {} as never)
    await composer.middleware()(ctx as never, async () => undefined)
  }
  expect(seen).toEqual([1, 2])
})
