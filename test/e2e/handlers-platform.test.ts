import { fileURLToPath } from 'node:url'
import type { TelegramSimulatorOptions } from '@chatlane/simulators'
import { until } from '@chatlane/test-kit'
import { Queue } from 'bullmq'
import { expect, onTestFinished, test } from 'vitest'
import { openStack, type Stack, TOKEN } from './stack.ts'

const ANNA = 11
const BORIS = 12
const GROUP = -500
const OTHER_TOKEN = '7002:AAtest-token-of-the-other-bot-here'
const fileOf = (name: string) => fileURLToPath(new URL(`bots/${name}`, import.meta.url))

type BotOptions = NonNullable<TelegramSimulatorOptions['bots']>[number]

async function openBot(environment: Record<string, string>, workers = 1, bots: BotOptions[] = []) {
  const stack = await openStack({
    environment: {
      HANDLERS: fileOf('with-schedule.mjs'),
      ASSISTANT: 'off',
      MERGE_WINDOW_MS: '0',
      ...environment,
    },
    telegram: {
      bots: [
        { token: TOKEN, username: 'lane_bot', firstName: 'Lane', canReadAllGroupMessages: true },
        ...bots,
      ] as never,
    },
  })
  stack.telegram.phone.createUser({ id: ANNA, firstName: 'Anna' })
  stack.telegram.phone.createUser({ id: BORIS, firstName: 'Boris' })
  const starting = Array.from({ length: workers }, () => stack.start('worker'))
  await Promise.all([stack.start('gateway'), stack.start('sender'), ...starting])
  return stack
}

const said = (stack: Stack, chat: number) =>
  stack.telegram
    .messages(chat)
    .filter(({ by }) => by === 'bot')
    .map(({ message }) => message.text ?? '')

test('a schedule runs once at each time, however many workers there are', async () => {
  const stack = await openBot({ TICK_CHAT: String(ANNA), TELEGRAM_LIMIT_CHAT_PER_SECOND: '100' }, 3)
  await stack.telegram.waitUntil(() => said(stack, ANNA).length >= 5, 30_000)
  const ticks = said(stack, ANNA).length
  const { redis, prefix } = stack.redis
  const queue = new Queue('schedules', { connection: redis, prefix: `${prefix}:{s0}` })
  onTestFinished(() => queue.close())
  const runs = await queue.getJobs(['active', 'completed'])
  expect(ticks).toBeLessThanOrEqual(runs.length)
  // A run is named after its time.
  const times = runs.map(({ id }) => Number(id?.split(':').at(-1)))
  expect(times.filter((ms) => ms % 1000 !== 0)).toEqual([])
  expect(new Set(times).size).toBe(runs.length)
})

test('a module may name lanes: one user of a group does not wait for another', async () => {
  const stack = await openBot({ TICK_CHAT: String(ANNA), WAIT_MS: '60000' })
  const { phone } = stack.telegram
  phone.createGroup({ id: GROUP, title: 'Group', members: [ANNA, BORIS] })
  phone.sendText({ from: ANNA, chat: GROUP, text: 'wait for me' })
  await stack.telegram.waitUntil(() => said(stack, GROUP).includes('waiting'), 30_000)
  phone.sendText({ from: BORIS, chat: GROUP, text: 'hello' })
  await stack.telegram.waitUntil(() => said(stack, GROUP).includes('bot lane_bot: hello'), 30_000)
  expect(said(stack, GROUP)).not.toContain('waited')
})

test('several bots have handlers of their own', async () => {
  const other = { token: OTHER_TOKEN, username: 'other_bot', firstName: 'Other' }
  const stack = await openBot(
    {
      TELEGRAM_BOT_TOKENS: OTHER_TOKEN,
      HANDLERS: `7001=${fileOf('with-schedule.mjs')},7002=${fileOf('many-ways.mjs')}`,
      TICK_CHAT: String(BORIS),
    },
    1,
    [other],
  )
  const { phone } = stack.telegram
  phone.sendText({ from: ANNA, text: 'hello' })
  await stack.telegram.waitUntil(() => said(stack, ANNA).includes('bot lane_bot: hello'), 30_000)
  phone.sendText({ from: ANNA, bot: 7002, text: '/count' })
  await stack.telegram.waitUntil(
    () => stack.telegram.messages(ANNA, 7002).some(({ message }) => message.text === 'count 1'),
    30_000,
  )
})

test('a handler that waits for its group’s budget keeps no other chat waiting, however few slots there are', async () => {
  const stack = await openBot({
    HANDLERS: fileOf('many-ways.mjs'),
    WORKER_CONCURRENCY: '1',
    TELEGRAM_LIMIT_GROUP_PER_MINUTE: '1',
  })
  const { phone } = stack.telegram
  phone.createGroup({ id: GROUP, title: 'Group', members: [ANNA, BORIS] })
  phone.sendText({ from: ANNA, chat: GROUP, text: '/wait' })
  await stack.telegram.waitUntil(() => said(stack, GROUP).includes('⏳'), 30_000)
  for (const count of [1, 2]) {
    phone.sendText({ from: BORIS, text: '/count' })
    await stack.telegram.waitUntil(() => said(stack, BORIS).includes(`count ${count}`), 30_000)
  }
  expect(said(stack, GROUP)).toEqual(['⏳'])
})

test('a tap is answered while every slot of the workers is taken by longer work', async () => {
  const stack = await openStack({
    environment: {
      HANDLERS: fileOf('many-ways.mjs'),
      ASSISTANT: 'off',
      WORKER_CONCURRENCY: '1',
      STEP_MS: '600000',
    },
  })
  const { phone } = stack.telegram
  phone.createUser({ id: ANNA, firstName: 'Anna' })
  await Promise.all([
    stack.start('gateway'),
    stack.start('sender'),
    stack.start('worker', { EFFECTS_FILE: '/dev/null' }),
  ])
  phone.sendText({ from: ANNA, text: '/menu' })
  const menu = await stack.telegram.waitFor((event) => event.type === 'message' && event.by === 'bot', 30_000)
  phone.sendText({ from: ANNA, text: '/once' })
  await stack.telegram.waitUntil(() => said(stack, ANNA).some((text) => text.startsWith('first')), 30_000)
  const answered = stack.telegram.waitFor(({ type }) => type === 'answer', 30_000)
  phone.pressButton({ from: ANNA, messageId: menu.type === 'message' ? menu.message.message_id : 0 })
  expect(await answered).toMatchObject({ params: { text: 'tapped' } })
})

test('a tap that no handler begins within 8 s is answered empty', async () => {
  const stack = await openBot({ TICK_CHAT: String(BORIS), HANDLERS: fileOf('many-ways.mjs') })
  const { phone } = stack.telegram
  phone.sendText({ from: ANNA, text: '/menu' })
  const menu = await stack.telegram.waitFor(
    (event) => event.type === 'message' && event.message.text === 'menu',
    30_000,
  )
  const messageId = menu.type === 'message' ? menu.message.message_id : 0
  // A lane that is paused: nobody begins with what waits in it.
  await stack.redis.redis.set(`${stack.redis.prefix}:{s0}:paused:7001:${ANNA}`, '1')
  const beganAt = performance.now()
  const answered = stack.telegram.waitFor(({ type }) => type === 'answer', 30_000)
  phone.pressButton({ from: ANNA, messageId })
  expect(await answered).toMatchObject({ params: { callback_query_id: expect.any(String) } })
  expect((await answered) as object).not.toMatchObject({ params: { text: 'tapped' } })
  expect(performance.now() - beganAt).toBeGreaterThan(7500)
  await stack.redis.redis.del(`${stack.redis.prefix}:{s0}:paused:7001:${ANNA}`)
  await stack.telegram.waitUntil(() => said(stack, ANNA).includes('tapped'), 30_000)
  await until(
    async () => (await stack.redis.redis.zcard(`${stack.redis.prefix}:{b7001}:taps`)) === 0 || undefined,
  )
})
