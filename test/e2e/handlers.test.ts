import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { until } from '@chatlane/test-kit'
import { expect, test } from 'vitest'
import { openStack, type Stack } from './stack.ts'

const ANNA = 11
const BORIS = 12
const BOT_FILE = fileURLToPath(new URL('bots/many-ways.mjs', import.meta.url))

async function openBot(environment: Record<string, string> = {}, workers = 1) {
  const stack = await openStack({ environment: { HANDLERS: BOT_FILE, MERGE_WINDOW_MS: '0', ...environment } })
  const { phone } = stack.telegram
  phone.createUser({ id: ANNA, firstName: 'Anna', languageCode: 'en' })
  phone.createUser({ id: BORIS, firstName: 'Boris', languageCode: 'en' })
  const starting = Array.from({ length: workers }, () => stack.start('worker'))
  await Promise.all([stack.start('gateway'), stack.start('sender'), ...starting])
  const say = (text: string, from = ANNA) => phone.sendText({ from, text })
  return { stack, phone, say, sees: (count: number, chat = ANNA) => seenIn(stack, chat, count) }
}

const said = (stack: Stack, chat: number) =>
  stack.telegram
    .messages(chat)
    .filter(({ by }) => by === 'bot')
    .map(({ message }) => message.text ?? message.caption ?? '')

/** What the bot has said in the chat, once it is as much as `count` messages. */
async function seenIn(stack: Stack, chat: number, count: number): Promise<string[]> {
  await stack.telegram.waitUntil(() => said(stack, chat).length >= count, 40_000)
  return said(stack, chat)
}

/** A dead worker's turn goes on in another: kills the one whose turn has said `text`. */
async function killWorkerAfter(stack: Stack, chat: number, text: string): Promise<void> {
  await stack.telegram.waitUntil(() => said(stack, chat).includes(text), 30_000)
  const [worker] = stack.running().filter(({ name }) => name === 'worker')
  await worker?.kill()
}

test('a call resolves with the real message, whose id can be edited at once', async () => {
  const { stack, say } = await openBot()
  say('/wait')
  await stack.telegram.waitUntil(() => said(stack, ANNA).includes('done'), 30_000)
  expect(said(stack, ANNA)).toEqual(['done'])
})

test('calls leave in the order in which they are made, awaited or not', async () => {
  const { say, sees } = await openBot({ TELEGRAM_LIMIT_CHAT_PER_SECOND: '50' })
  say('/burst')
  expect(await sees(4)).toEqual(['burst 1', 'burst 2', 'burst 3', 'burst 4'])
})

test('a refusal is the error that Telegraf throws', async () => {
  const { say, sees, phone } = await openBot()
  phone.setBlocked({ from: BORIS, blocked: true })
  say(`/blocked ${BORIS}`)
  expect(await sees(1)).toEqual(['403: Forbidden: bot was blocked by the user'])
})

test('what no handler takes reaches the assistant', async () => {
  const { say, sees } = await openBot()
  say('/start')
  expect(await sees(1)).toEqual(['Hello! Type a text to send it to OpenRouter.'])
})

test('sessions and wizards go on in another worker, also after a kill -9 in the third step', async () => {
  const { stack, say, sees } = await openBot({ STEP_MS: '4000' })
  say('/count')
  await sees(1)
  say('/order')
  await sees(2)
  say('Anna')
  await sees(3)
  say('Paris')
  await killWorkerAfter(stack, ANNA, 'One moment…')
  await stack.start('worker', { STEP_MS: '0' })
  expect(await sees(5)).toEqual([
    'count 1',
    'What is your name?',
    'Where do you live?',
    'One moment…',
    'Anna, we ship to Paris',
  ])
  say('/count')
  expect((await sees(6)).at(-1)).toBe('count 2')
})

test('an update that runs again keeps what was done once, and posts nothing twice', async () => {
  const effects = join(await mkdtemp(join(tmpdir(), 'chatlane-')), 'effects')
  const { stack, say, sees } = await openBot({ STEP_MS: '4000', EFFECTS_FILE: effects })
  say('/once')
  const first = (await sees(1))[0] ?? ''
  await killWorkerAfter(stack, ANNA, first)
  await stack.start('worker', { STEP_MS: '0', EFFECTS_FILE: effects })
  const drawn = first.slice('first '.length)
  expect(await sees(2)).toEqual([first, `second ${drawn}, again`])
  expect(await readFile(effects, 'utf8')).toBe('drawn\n')
})

test('a photo is sent as a stream', async () => {
  const { stack, say, sees } = await openBot()
  say('/photo')
  expect(await sees(1)).toEqual(['a dot'])
  const [entry] = stack.telegram.messages(ANNA).filter(({ by }) => by === 'bot')
  expect(entry?.message.photo).toBeDefined()
})

test('a handler that throws is not run again: one message, a dead letter, and the next update works', async () => {
  const { stack, say, sees } = await openBot()
  say('/throw')
  await sees(1)
  say('/count')
  const texts = await sees(2)
  expect(texts[1]).toBe('count 1')
  const contents = await stack.redis.redis.keys(`${stack.redis.prefix}:*:dead:update:*`)
  expect(contents).toHaveLength(1)
})

test('a timer that a handler left behind still reaches its chat', async () => {
  const { say, sees } = await openBot()
  say('/later')
  expect(await sees(1)).toEqual(['later'])
})

test('what is committed goes out after what was called', async () => {
  const { say, sees } = await openBot()
  say('/together')
  expect(await sees(2)).toEqual(['before the commit', 'with the commit'])
})

test('a handler that takes too long is told to end', async () => {
  const { say, sees } = await openBot({ HANDLER_TIMEOUT_SECONDS: '1' })
  say('/slow')
  await sees(1)
  say('/count')
  expect((await sees(2)).at(-1)).toBe('count 1')
})

test('a tap is answered by the handler, and may edit its message', async () => {
  const { stack, phone, say } = await openBot()
  say('/menu')
  const menu = await stack.telegram.waitFor(
    (event) => event.type === 'message' && event.message.text === 'menu',
    30_000,
  )
  const answered = stack.telegram.waitFor(({ type }) => type === 'answer', 30_000)
  const messageId = menu.type === 'message' ? menu.message.message_id : 0
  phone.pressButton({ from: ANNA, messageId })
  expect(await answered).toMatchObject({ params: { text: 'tapped', show_alert: true } })
  await stack.telegram.waitUntil(() => said(stack, ANNA).includes('tapped'), 30_000)
})

test('sessions are kept right while updates of one chat come as fast as they can to four workers', async () => {
  const { say, sees } = await openBot({ TELEGRAM_LIMIT_CHAT_PER_SECOND: '100' }, 4)
  for (let n = 0; n < 20; n++) say('/count')
  expect(await sees(20)).toEqual(Array.from({ length: 20 }, (_, n) => `count ${n + 1}`))
})

test('nothing of a run is left in Redis when its turn has ended', async () => {
  const { stack, say, sees } = await openBot()
  say('/wait')
  await sees(1)
  await until(async () => {
    const left = await stack.redis.redis.keys(`${stack.redis.prefix}:*`)
    return left.every((key) => !/:(call|journal):/.test(key)) || undefined
  })
})

test('what a handler had called before it threw goes out, and what it had put into its session stays', async () => {
  const { say, sees } = await openBot()
  say('/half')
  const texts = await sees(2)
  expect(texts[0]).toBe('half done')
  say('/count')
  expect((await sees(3)).at(-1)).toBe('count 11')
})

test('an error that no code waits for ends no worker', async () => {
  const { stack, say, sees, phone } = await openBot()
  phone.setBlocked({ from: BORIS, blocked: true })
  say(`/stray ${BORIS}`)
  expect(await sees(1)).toEqual(['still here'])
  say('/missing')
  expect((await sees(3)).slice(1).toSorted()).toEqual(['no photo: ENOENT', 'one moment'])
  expect(stack.running().filter(({ name }) => name === 'worker')).toHaveLength(1)
})

test('what was done once is not done again where a worker that stops hands its turn on', async () => {
  const effects = join(await mkdtemp(join(tmpdir(), 'chatlane-')), 'effects')
  const { stack, say, sees } = await openBot({ STEP_MS: '600000', EFFECTS_FILE: effects })
  say('/once')
  const first = (await sees(1))[0] ?? ''
  const [worker] = stack.running().filter(({ name }) => name === 'worker')
  await stack.start('worker', { STEP_MS: '0', EFFECTS_FILE: effects })
  expect(await worker?.stop()).toBe(0)
  const drawn = first.slice('first '.length)
  expect(await sees(2)).toEqual([first, `second ${drawn}, again`])
  expect(await readFile(effects, 'utf8')).toBe('drawn\n')
}, 120_000)

test('who taps a button and writes at once what it asks for is understood', async () => {
  const { stack, phone, say, sees } = await openBot()
  say('/form')
  await sees(1)
  const [form] = stack.telegram.messages(ANNA).filter(({ by }) => by === 'bot')
  phone.pressButton({ from: ANNA, messageId: form?.message.message_id ?? 0 })
  await sees(2)
  say('an answer')
  expect(await sees(3)).toEqual(['form', 'What is it?', 'thank you'])
})
