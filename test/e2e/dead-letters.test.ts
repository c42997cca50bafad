import { createDeadLetters, createKeys, createLetters, type KeptLetter } from '@chatlane/lanes'
import { createLog } from '@chatlane/runtime'
import { until } from '@chatlane/test-kit'
import { expect, onTestFinished, test } from 'vitest'
import { openStack, type Stack } from './stack.ts'

const ANNA = 11

function openLetters({ redis }: Stack) {
  const keys = createKeys({ prefix: redis.prefix, shards: 1 })
  const log = createLog({ service: 'test', level: 'silent' })
  const deadLetters = createDeadLetters({ redis: redis.redis, keys, log })
  const letters = createLetters({ redis: redis.redis, keys, deadLetters })
  return { letters, close: () => deadLetters.close() }
}

interface BoardQueue {
  name: string
  counts: Record<string, number>
  jobs: { id: string; failedReason: string; data: Record<string, unknown> }[]
}

test('a turn that keeps failing becomes a dead letter and one clear message; the next works, and a retry in Bull Board replays it', async () => {
  const stack = await openStack({ environment: { MERGE_WINDOW_MS: '0', MONITOR_WRITE: 'true' } })
  stack.telegram.phone.createUser({ id: ANNA, languageCode: 'en' })
  const replies = () =>
    stack.telegram
      .messages(ANNA)
      .filter(({ by }) => by === 'bot')
      .map(({ message }) => message.text ?? '')
  const services = await Promise.all(
    (['gateway', 'worker', 'sender', 'monitor'] as const).map((name) => stack.start(name)),
  )
  const monitor = await services[3]?.address
  const board = async (): Promise<BoardQueue> => {
    const answer = await fetch(`${monitor}/api/queues?activeQueue=dead-letters&status=failed`)
    const { queues } = (await answer.json()) as { queues: BoardQueue[] }
    const found = queues.find(({ name }) => name === 'dead-letters')
    if (!found) throw new Error('Bull Board shows no dead letters')
    return found
  }

  // A worker that can't learn who its bot is can't answer anything.
  const fault = stack.telegram.addFault({ kind: 'server-error', method: 'getMe', times: 1000 })
  stack.telegram.phone.sendText({ from: ANNA, text: 'a secret question' })
  expect(await stack.telegram.waitUntil(() => replies()[0], 60_000)).toContain('could not be answered')
  await until(async () => (await board()).counts.failed === 1)
  const [letter] = (await board()).jobs
  expect(letter?.failedReason).toMatch(/^given up after 5 tries; the last failed with \w+/)
  expect(JSON.stringify(letter)).not.toContain('secret question')

  stack.telegram.removeFault(fault)
  stack.telegram.phone.sendText({ from: ANNA, text: 'another one' })
  expect(await stack.telegram.waitUntil(() => replies()[1], 30_000)).toMatch(/[0-9a-f]{64}/)

  const retried = await fetch(`${monitor}/api/queues/dead-letters/${letter?.id}/retry`, {
    method: 'PUT',
  })
  expect(retried.status).toBeLessThan(300)
  expect(await stack.telegram.waitUntil(() => replies()[2], 30_000)).toMatch(/[0-9a-f]{64}/)
  expect(stack.model.requests().at(-1)?.messages.at(-1)?.content).toBe('a secret question')
  await until(async () => (await board()).counts.failed === 0)
  const metrics = await (await fetch(`${monitor}/metrics`)).text()
  expect(metrics).toMatch(/^chatlane_dead_letters_total\{[^}]*\} 1$/m)
  expect(metrics).toMatch(/^chatlane_updates_total\{[^}]*type="message"\} 2$/m)
}, 120_000)

test('a reply that Telegram refuses for what it is becomes a dead letter, refused again it stays one, and a replay posts it', async () => {
  const stack = await openStack({ environment: { MERGE_WINDOW_MS: '0', STREAMING: 'off' } })
  stack.telegram.phone.createUser({ id: ANNA, languageCode: 'en' })
  const replies = () => stack.telegram.messages(ANNA).filter(({ by }) => by === 'bot')
  await Promise.all((['gateway', 'worker', 'sender'] as const).map((name) => stack.start(name)))
  const { letters, close } = openLetters(stack)
  onTestFinished(close)
  const kept = async () => {
    const found: KeptLetter[] = []
    for await (const letter of letters.all({ kind: 'delivery' })) found.push(letter)
    return found
  }
  const refuse = () =>
    stack.telegram.addFault({ kind: 'refuse', method: 'sendMessage', description: 'Bad Request: ODD_REASON' })

  refuse()
  stack.telegram.phone.sendText({ from: ANNA, text: 'a question' })
  const [first] = await until(async () => ((await kept()).length === 1 ? kept() : undefined))
  expect(first?.failedReason).toBe('Telegram refused it with 400: other')
  stack.telegram.phone.sendText({ from: ANNA, text: 'another one' })
  await stack.telegram.waitUntil(() => replies().length === 1, 30_000)

  refuse()
  expect(first && (await letters.replay(first))).toBe(true)
  const [again] = await until(async () => {
    const now = await kept()
    return now.length === 1 && now[0]?.id !== first?.id ? now : undefined
  })
  expect(again?.failedReason).toBe(first?.failedReason)
  expect(again && (await letters.replay(again))).toBe(true)
  await stack.telegram.waitUntil(() => replies().length === 2, 30_000)
  await until(async () => (await kept()).length === 0)
}, 120_000)
