import { createServer } from 'node:http'
import { relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createHost, fixture, HandlersError, listen, load, loadHandlers, say, TOKEN } from './author.ts'

describe('the handler of a file is', () => {
  test.each([
    ['a bot that module.exports is', 'echo.cjs', 'heard hello'],
    ['the default export of a compiled module', 'compiled.cjs', 'compiled'],
    ['the default export of a TypeScript file', 'typed.ts', 'typed 1'],
    [
      'the launched bot where nothing is exported, the one with our token before others',
      'no-export.mjs',
      'without an export',
    ],
    ['the launched bot where the evaluation waits for its launch', 'awaited-launch.mjs', 'launched'],
    ['the bot of a listener that is exported for an HTTP server', 'webhook.mjs', 'by webhook'],
  ])('%s', async (_, file, text) => {
    const handlers = await load(file)
    await say(handlers, 'hello')
    expect(handlers.host.texts()).toEqual([text])
  })

  test('a Composer, which passes on what it does not handle', async () => {
    const handlers = await load('composer.mjs')
    const passedOn: string[] = []
    for (const text of ['/start', 'hello']) {
      await say(handlers, text, { next: async () => void passedOn.push(text) })
    }
    expect(handlers.host.texts()).toEqual(['composed'])
    expect(passedOn).toEqual(['hello'])
  })

  test('a middleware, which goes on when what follows has ended', async () => {
    const handlers = await load('middleware.mjs')
    await say(handlers, 'hello', {
      next: async () =>
        void handlers.host.calls.push({ payload: { text: 'next' }, method: 'sendMessage' } as never),
    })
    expect(handlers.host.texts()).toEqual(['before', 'next', 'after'])
  })
})

test('a file may be named by a path relative to the working directory', async () => {
  const { pathname } = new URL('fixtures/composer.mjs', import.meta.url)
  const options = { token: TOKEN, apiRoot: 'http://127.0.0.1:1', host: createHost() }
  const handlers = await loadHandlers({ file: relative(process.cwd(), pathname), ...options })
  await say(handlers, '/start')
  expect(options.host.texts()).toEqual(['composed'])
})

test('the lane of an update is what the module exports as lane', async () => {
  const update = { message: { from: { id: 5 } } }
  expect((await load('echo.cjs')).lane?.(update)).toBe('user 5')
  expect((await load('compiled.cjs')).lane?.(update)).toBe('one for all')
  expect(await load('composer.mjs')).not.toHaveProperty('lane')
})

describe('a launch', () => {
  test('is ignored and told of once', async () => {
    const host = createHost()
    await load('no-export.mjs', { host })
    await load('no-export.mjs', { host })
    expect(host.ignored).toEqual(['launch'])
    expect(host.calls).toEqual([])
  })

  test('calls onLaunch when the bot knows its name, and ends when the handlers stop', async () => {
    const said = listen()
    const handlers = await load('awaited-launch.mjs')
    expect(said).toEqual(['up as lane_bot'])
    const ended = new Promise((resolve) => process.once('handlers-fixture' as never, resolve as never))
    handlers.stop()
    expect(await ended).toBe('after the launch')
  })

  test('calls onLaunch with the first update where Telegram can not be asked', async () => {
    const said = listen()
    const host = createHost(() => {
      throw new Error('no connection')
    })
    const handlers = await load('awaited-launch.mjs', { host })
    expect(said).toEqual([])
    await say(handlers, 'hello').catch(() => undefined)
    expect(said).toEqual(['up as lane_bot'])
  })
})

test('whatever else would receive updates is ignored and told of once', async () => {
  const said = listen()
  const { host } = await load('webhook.mjs')
  const ignored = [
    'setWebhook',
    'deleteWebhook',
    'getupdates',
    'startWebhook',
    'createWebhook',
    'webhookCallback',
  ]
  expect(host.ignored).toEqual(ignored)
  expect(host.calls).toEqual([])
  const server = createServer(said[0] as never)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  expect((await fetch(`http://127.0.0.1:${port}/hook`, { method: 'POST', body: '{}' })).status).toBe(200)
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

describe('a file that can not be run', () => {
  const failure = async (file: string) => load(file).catch((error) => error)

  test('because it exports nothing that handles updates is named with what was found', async () => {
    const error = await failure('number.mjs')
    expect(error).toBeInstanceOf(HandlersError)
    expect(error.code).toBe('HANDLERS_EXPORT')
    expect(error.message).toMatch(/number\.mjs.*: found a number, expected a Telegraf bot/)
  })

  test('because it throws is named with its error, and no token is shown', async () => {
    const error = await failure('broken.mjs')
    expect(error).toBeInstanceOf(HandlersError)
    expect(error.code).toBe('HANDLERS_IMPORT')
    expect(error.message).toMatch(/broken\.mjs.* could not be loaded: no answer of/)
    expect(error.cause.message).toContain('/bot[token]/getMe')
    const shown = [error, error.cause, error.cause.cause].flatMap(({ message, stack }) => [message, stack])
    expect(shown.join()).not.toContain('AAHdq')
  })

  test('because there is none is named', async () => {
    const error = await failure(fixture('missing.mjs'))
    expect(error.code).toBe('HANDLERS_IMPORT')
    expect(error.message).toContain('missing.mjs')
  })
})
