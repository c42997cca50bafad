/** Telegram's budgets, judged by time of arrival. */
import { expect, test } from 'vitest'
import { Limits } from '../../src/telegram/limits.ts'
import { settle } from '../../src/telegram/options.ts'
import { call, request, say, startSimulator } from './raw-client.ts'

function limits(enforce: boolean): Limits {
  return new Limits({ ...settle({}).limits, enforce })
}

const send = (chatId: number | undefined, atMs: number, items = 1) => ({
  cost: 'send' as const,
  chatId,
  atMs,
  items,
})

test('a bot has 30 calls in any second, wherever the second begins', () => {
  const judge = limits(true)
  for (let n = 0; n < 30; n++) expect(judge.judge(send(undefined, 1000 + n * 20))).toEqual([])
  expect(judge.judge(send(undefined, 1999))).toEqual([{ kind: 'bot', earlyMs: 1 }])
  expect(judge.judge(send(undefined, 2000))).toEqual([])
  expect(judge.judge(send(undefined, 2001))).toEqual([{ kind: 'bot', earlyMs: 19 }])
})

test('each item of an album counts', () => {
  const judge = limits(true)
  for (let n = 0; n < 3; n++) expect(judge.judge(send(undefined, 1000, 10))).toEqual([])
  expect(judge.judge(send(undefined, 1500, 2))).toEqual([{ kind: 'bot', earlyMs: 500 }])
})

test('a private chat has a bucket of three, refilled once a second', () => {
  const judge = limits(true)
  for (let n = 0; n < 3; n++) expect(judge.judge(send(5, 1000))).toEqual([])
  expect(judge.judge(send(5, 1600))).toEqual([{ kind: 'private', earlyMs: 400 }])
  expect(judge.judge(send(6, 1600))).toEqual([])
  expect(judge.judge(send(5, 2000))).toEqual([])
  expect(judge.judge(send(5, 2001))).toMatchObject([{ kind: 'private' }])
})

test('a group has 20 calls in any minute', () => {
  const judge = limits(true)
  for (let n = 0; n < 20; n++) expect(judge.judge(send(-5, 1000 + n * 1000))).toEqual([])
  expect(judge.judge(send(-5, 60_000))).toEqual([{ kind: 'group', earlyMs: 1000 }])
  expect(judge.judge(send(-5, 61_000))).toEqual([])
})

test('chat actions have 20 in 5 seconds and 40 in 30, apart from sends', () => {
  const judge = limits(true)
  const act = (atMs: number) => judge.judge({ cost: 'action', chatId: 5, atMs, items: 1 })
  for (let n = 0; n < 20; n++) expect(act(1000)).toEqual([])
  expect(act(5999)).toEqual([{ kind: 'actions', earlyMs: 1 }])
  for (let n = 0; n < 20; n++) expect(act(6000)).toEqual([])
  expect(act(11_001)).toEqual([{ kind: 'actions', earlyMs: 19_999 }])
  expect(judge.judge(send(5, 1000))).toEqual([])
})

test('without enforcement what goes beyond is counted and still fills the window', () => {
  const judge = limits(false)
  for (let n = 0; n < 30; n++) judge.judge(send(undefined, 1000))
  expect(judge.judge(send(undefined, 1500))).toHaveLength(1)
  for (let n = 0; n < 29; n++) expect(judge.judge(send(undefined, 2000))).toEqual([])
  expect(judge.judge(send(undefined, 2000))).toHaveLength(1)
})

test('beyond an enforced budget the answer is 429 with retry_after and the ledger counts it', async () => {
  const simulator = await startSimulator({ limits: { enforce: true, chatPerSecond: 0.1 } })
  for (const text of ['a', 'b', 'c']) await say(simulator, 5, text)
  const answer = await request(simulator, 'sendMessage', { chat_id: 5, text: 'd' })
  const body = (await answer.json()) as { parameters: { retry_after: number } }
  expect(answer.status).toBe(429)
  expect(body).toMatchObject({
    error_code: 429,
    description: `Too Many Requests: retry after ${body.parameters.retry_after}`,
  })
  expect(answer.headers.get('retry-after')).toBe(String(body.parameters.retry_after))
  expect((await say(simulator, 6, 'other chat')).ok).toBe(true)
  const [ledger] = simulator.ledger().bots
  expect(ledger).toMatchObject({ floods: 1, overLimit: { private: 1, bot: 0 }, sends: { posted: 4 } })
  expect(ledger?.excesses).toMatchObject([{ kind: 'private', chatId: 5, method: 'sendMessage' }])
})

test('answers to queries and reads cost nothing', async () => {
  const simulator = await startSimulator({ limits: { enforce: true, botPerSecond: 1 } })
  await say(simulator, 5, 'x')
  for (let n = 0; n < 5; n++) expect((await call(simulator, 'getMe')).ok).toBe(true)
  expect((await say(simulator, 6, 'x')).error_code).toBe(429)
})
