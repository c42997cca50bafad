import { describe, expect, test } from 'vitest'
import { listen, load, say } from './author.ts'

describe('a context', () => {
  test('is of the author’s class, has what is in bot.context, and what the platform adds after it', async () => {
    const handlers = await load('contexts.mjs')
    await say(handlers, 'hello', { decorate: (ctx) => void Object.assign(ctx, { lane: 'the lane' }) })
    expect(handlers.host.texts()).toEqual(['THE DATABASE, THE LANE, LANE_BOT, LANE_BOT'])
  })

  test('calls with its turn and with the token of the bot that got the update', async () => {
    const handlers = await load('contexts.mjs')
    await say(handlers, 'hello', { turn: 'another turn', token: '701:secret' })
    expect(handlers.host.calls).toMatchObject([{ turn: 'another turn', token: '701:secret' }])
  })
})

test('a handler may take longer than its handlerTimeout', async () => {
  const handlers = await load('contexts.mjs')
  // Timers of one length end in the order of setting: a timer of the bot's would end first.
  const shout = () => new Promise((resolve) => setTimeout(resolve, 1))
  const run = say(handlers, 'hello', { decorate: (ctx) => void Object.assign(ctx, { shout }) })
  await expect(run).resolves.toBeUndefined()
})

describe('an error', () => {
  test('goes to bot.catch, whose run is waited for', async () => {
    const handlers = await load('catching.mjs')
    await say(handlers, 'hello')
    expect(handlers.host.texts()).toEqual(['caught broken'])
  })

  test('that bot.catch throws is the run’s', async () => {
    const handlers = await load('catching.mjs')
    await expect(say(handlers, 'again')).rejects.toThrow('broken again')
  })

  test('that nothing catches is the run’s, and leaves the process as it is', async () => {
    const said = listen()
    const handlers = await load('throwing.mjs')
    await expect(say(handlers, 'hello')).rejects.toThrow(TypeError)
    expect(process.exitCode).toBeUndefined()
    // What tells bot.catch from the default constructs no bot of the author's class.
    expect(said).toEqual(['constructed'])
  })

  test('of what follows is the author’s to catch, as in plain Telegraf', async () => {
    const handlers = await load('middleware.mjs')
    const next = async () => {
      throw new Error('what follows is broken')
    }
    await expect(say(handlers, 'hello', { next })).rejects.toThrow('what follows is broken')
    expect(handlers.host.texts()).toEqual(['before'])
  })
})
