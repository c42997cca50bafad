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

test('an album leaves the bucket of a private chat in debt', () => {
  const judge = limits(true)
  expect(judge.judge(send(5, 1000, 10))).toEqual([])
  expect(judge.judge(send(5, 2000))).toEqual([{ kind: 'private', earlyMs: 7000 }])
  expect(judge.judge(send(5, 9000))).toEqual([])
  expect(judge.judge(send(5, 9000, 4))).toEqual([{ kind: 'private', earlyMs: 3000 }])
})

test('what is paid for counts against a budget of its own, and against its chat', () => {
  const judge = new Limits({ ...settle({}).limits, paidPerSecond: 40, enforce: true })
  for (let n = 0; n < 40; n++) expect(judge.judge({ ...send(n + 1, 1000), isPaid: true })).toEqual([])
  expect(judge.judge({ ...send(99, 1500), isPaid: true })).toEqual([{ kind: 'paid', earlyMs: 500 }])
  expect(judge.judge(send(99, 1500))).toEqual([])
  for (let n = 0; n < 3; n++) judge.judge({ ...send(7, 2500), isPaid: true })
  expect(judge.judge({ ...send(7, 2500), isPaid: true })).toMatchObject([{ kind: 'private' }])
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

test('allow_paid_broadcast lifts the bot above its budget, and the ledger counts what was paid for', async () => {
  const simulator = await startSimulator({ limits: { enforce: true, botPerSecond: 1, chatPerSecond: 1000 } })
  const paid = { allow_paid_broadcast: true }
  for (const text of ['a', 'b', 'c']) expect((await say(simulator, 5, text, paid)).ok).toBe(true)
  expect((await say(simulator, 5, 'free')).ok).toBe(true)
  expect((await say(simulator, 6, 'too many')).error_code).toBe(429)
  const edit = { chat_id: 5, message_id: 1, text: 'x', ...paid }
  expect((await call(simulator, 'editMessageText', edit)).error_code).toBe(429)
  const [ledger] = simulator.ledger().bots
  expect(ledger?.sends).toMatchObject({ posted: 4, paid: 3 })
  expect(ledger?.overLimit).toEqual({ bot: 2, paid: 0, private: 0, group: 0, actions: 0 })
})

test('the items of an album count against the budgets of bot and chat', async () => {
  const simulator = await startSimulator()
  const { id } = simulator.phone.createGroup({ members: [5] })
  const media = Array.from({ length: 10 }, () => ({ type: 'photo', media: 'https://a.org/b.jpg' }))
  for (let n = 0; n < 3; n++) await call(simulator, 'sendMediaGroup', { chat_id: id, media })
  expect(simulator.ledger().bots[0]?.overLimit).toMatchObject({ bot: 0, group: 1 })
  await say(simulator, 5, 'one more')
  expect(simulator.ledger().bots[0]?.overLimit).toMatchObject({ bot: 1, group: 1 })
})
