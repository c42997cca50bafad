import { openTestRedis, until } from '@chatlane/test-kit'
import { expect, test } from 'vitest'
import { createBudget } from '../src/budget.ts'
import { createKeys } from '../src/names.ts'
import { openBudget, openPumped } from './open-budget.ts'

const GROUP = '-5'

test('no second holds more calls than the limit, those without an answer included', async () => {
  const limit = 20
  const { budget, ask, answered } = await openPumped({ botPerSecond: limit })
  for (let chat = 1; chat <= 45; chat++) await budget.ready(String(chat), '1')
  const calls: { from: number; to: number }[] = []
  const answers: Promise<void>[] = []
  while (calls.length < 45) {
    for (const grant of (await ask('t', 64)).grants) {
      const call = { from: performance.now(), to: Number.POSITIVE_INFINITY }
      const nth = calls.push(call)
      const end = async () => {
        if (nth % 3 === 0) await new Promise((resolve) => setTimeout(resolve, 50 + nth * 3))
        call.to = performance.now()
        await answered(grant)
      }
      answers.push(end())
    }
  }
  await Promise.all(answers)
  for (const { from } of calls) {
    const within = calls.filter((call) => call.from <= from && call.to > from - 1000)
    expect(within.length).toBeLessThanOrEqual(limit)
  }
})

test('a call without an answer fills the window for as long as it may take', async () => {
  const { budget, granted, ask } = await openPumped({ botPerSecond: 1 }, 60_000)
  await budget.ready('7', '1')
  await granted()
  await budget.ready('8', '1')
  expect(await ask()).toMatchObject({ grants: [], busy: true })
})

test('grants are spaced by the limit instead of leaving together', async () => {
  const { budget, ask } = await openPumped({ botPerSecond: 10 })
  for (const chat of ['1', '2', '3']) await budget.ready(chat, '1')
  expect((await ask('t', 64)).grants).toHaveLength(1)
  const second = await ask('t', 64)
  expect(second).toMatchObject({ grants: [], busy: true })
  expect(second.waitMs).toBeLessThanOrEqual(100)
})

test('a private chat takes three calls at once and then one a second', async () => {
  const { budget, granted, answered, ask } = await openPumped({ chatBurst: 3 })
  await budget.ready('7', '1')
  for (let call = 1; call <= 3; call++) await answered(await granted(), { next: '1' })
  const fourth = await ask()
  expect(fourth.grants).toEqual([])
  expect(fourth.waitMs).toBeGreaterThan(500)
})

test('the bucket of a private chat does not fill while its call is under way', async () => {
  const { redis, budget, granted, key } = await openPumped({ chatBurst: 3, chatPerSecond: 1000 }, 30_000)
  await budget.ready('7', '1')
  await granted()
  expect(await redis.pttl(key('bucket:7'))).toBeGreaterThan(29_000)
})

test('a group takes so many calls in any minute', async () => {
  const { budget, granted, answered, ask } = await openPumped({ groupPerMinute: 2 })
  await budget.ready(GROUP, '1')
  for (let call = 1; call <= 2; call++) await answered(await granted(), { next: '1' })
  await budget.ready('7', '1')
  expect((await granted()).chat).toBe('7')
  const third = await ask()
  expect(third.grants).toEqual([])
  expect(await until(async () => (await ask()).waitMs)).toBeGreaterThan(500)
})

test('a grant that was not used is given back to the window, the bucket and the group', async () => {
  const { redis, budget, granted, answered, key } = await openPumped({ chatBurst: 1, groupPerMinute: 1 })
  for (const chat of ['7', GROUP]) {
    await budget.ready(chat, '1')
    await answered(await granted(), { next: '1', used: false })
    expect((await granted()).chat).toBe(chat)
  }
  expect(await redis.zcard(key('window'))).toBe(2)
})

test('the most urgent class goes first', async () => {
  const { budget, granted } = await openPumped()
  for (const [chat, headClass] of [
    ['10', '3'],
    ['11', '2'],
    ['12', '1'],
    ['13', '0'],
  ] as const) {
    await budget.ready(chat, headClass)
  }
  const order = []
  for (let n = 0; n < 4; n++) order.push((await granted()).chat)
  expect(order).toEqual(['13', '12', '11', '10'])
})

test('a chat whose head became more urgent moves ahead, and never back', async () => {
  const { budget, granted } = await openPumped()
  await budget.ready('10', '1')
  await budget.ready('11', '3')
  await budget.ready('11', '0')
  await budget.ready('11', '3')
  expect(await granted()).toMatchObject({ chat: '11', class: '0' })
  expect(await granted()).toMatchObject({ chat: '10' })
})

test('a flood pauses its chat and no other', async () => {
  const { budget, granted, answered, ask } = await openPumped()
  await budget.ready('7', '1')
  await answered(await granted(), { next: '1', floodMs: 60_000 })
  expect(await ask()).toMatchObject({ grants: [], busy: false })
  await budget.ready('8', '1')
  expect((await granted()).chat).toBe('8')
})

test('three chats with a flood within a second pause the bot, two do not', async () => {
  const { budget, granted, answered, ask } = await openPumped()
  for (const chat of ['1', '2', '3']) {
    await budget.ready(chat, '1')
    const grant = await granted()
    expect(grant.chat).toBe(chat)
    await answered(grant, { floodMs: 300 })
  }
  await budget.ready('4', '1')
  expect(await ask()).toMatchObject({ grants: [], busy: true })
  expect((await granted()).chat).toBe('4')
})

test('a delivery that comes while a call of its chat is under way is not forgotten', async () => {
  const { budget, granted, answered } = await openPumped()
  await budget.ready('7', '1')
  const grant = await granted()
  await budget.ready('7', '0')
  await answered(grant, { next: '' })
  expect(await granted()).toMatchObject({ chat: '7', class: '0' })
})

test('a chat is held back for as long as it is asked to be', async () => {
  const { budget, granted, answered, ask } = await openPumped()
  await budget.ready('7', '1')
  await answered(await granted(), { next: '1', holdMs: 60_000 })
  expect((await ask()).grants).toEqual([])
})

test('a pump that takes over readies what its predecessor had granted, as urgent as it has become', async () => {
  const { budget, granted, takeOver } = openBudget()
  await budget.lease('dead', 60)
  await budget.ready('7', '3')
  await budget.ready('8', '2')
  await granted('dead')
  await granted('dead')
  await budget.ready('7', '1')
  await takeOver('next')
  expect(await granted('next')).toMatchObject({ chat: '7', class: '1' })
  expect(await granted('next')).toMatchObject({ chat: '8', class: '2' })
  expect((await budget.grant('dead', { most: 1, prefix: 'dead.9.' })).kind).toBe('lost')
})

test('the request of a replaced pump counts from its answer on', async () => {
  const { redis, budget, granted, answered, takeOver, key } = openBudget({}, 60_000)
  await budget.lease('dead', 60)
  await budget.ready(GROUP, '1')
  const grant = await granted('dead')
  await takeOver('next')
  await answered(grant)
  const [seconds] = await redis.time()
  expect(Number(await redis.zscore(key(`group:${GROUP}`), grant.id))).toBeLessThan(
    (Number(seconds) + 5) * 1000,
  )
})

test('one pump at a time holds a bot', async () => {
  const { budget } = openBudget()
  expect(await budget.lease('a', 60_000)).toBe('taken')
  expect(await budget.lease('b', 60_000)).toBe('held')
  expect(await budget.lease('a', 60_000)).toBe('prolonged')
  expect(await budget.release('b', true)).toBe(false)
  expect(await budget.release('a', true)).toBe(true)
  expect(await budget.lease('b', 60_000)).toBe('taken')
})

test('a pump is released only when nothing is left to do, unless it is forced', async () => {
  const { budget, granted, answered } = await openPumped()
  await budget.ready('7', '1')
  expect(await budget.release('t', false)).toBe(false)
  const grant = await granted()
  expect(await budget.release('t', false)).toBe(false)
  await answered(grant)
  expect(await budget.release('t', false)).toBe(true)
})

test('whoever readies a chat learns whether a pump is at work', async () => {
  const { budget } = openBudget()
  expect(await budget.ready('7', '1')).toBe(false)
  await budget.lease('t', 60_000)
  expect(await Promise.all([budget.ready('7', '1'), budget.ready('8', '1')])).toEqual([true, true])
})

test('a grant that is asked for again after a lost answer is the same grant', async () => {
  const { budget, ask, answered } = await openPumped()
  for (const chat of ['7', '8', '9']) await budget.ready(chat, '1')
  const call = { most: 2, prefix: 't.once.' }
  const first = await until(async () => {
    const answer = await budget.grant('t', call)
    return answer.kind === 'granted' && answer.grants.length > 0 ? answer : undefined
  })
  const again = await budget.grant('t', call)
  if (again.kind === 'lost') throw new Error('lost')
  expect(again.grants).toEqual(first.grants)
  for (const grant of again.grants) await answered(grant)
  while (!(await budget.release('t', false))) {
    for (const grant of (await ask('t', 8)).grants) await answered(grant)
  }
})

test('an answer that is noted again leaves the next call of the chat alone', async () => {
  const { budget, granted, answered } = await openPumped({ chatBurst: 2 })
  await budget.ready('7', '1')
  const first = await granted()
  await answered(first, { next: '1', used: false })
  const second = await granted()
  await answered(first, { next: '', used: false })
  await budget.ready('7', '0')
  await answered(second)
  expect(await granted()).toMatchObject({ chat: '7', class: '0' })
})

test('a chat takes 20 actions in 5 seconds and 40 in 30', async () => {
  const { redis, budget, key } = openBudget()
  for (let n = 1; n <= 20; n++) expect(await budget.action('7', `a${n}`, 100)).toBe(true)
  expect(await budget.action('7', 'a21', 100)).toBe(false)
  expect(await budget.action('8', 'a1', 100)).toBe(true)
  const [seconds] = await redis.time()
  const before = (Number(seconds) - 10) * 1000
  for (let n = 1; n <= 40; n++) await redis.zadd(key('actions:9'), before, `a${n}`)
  expect(await budget.action('9', 'a41', 100)).toBe(false)
  await redis.zrem(key('actions:9'), 'a1')
  expect(await budget.action('9', 'a41', 100)).toBe(true)
})

test('a chat that Telegram paused takes no action', async () => {
  const { budget, granted, answered } = await openPumped()
  await budget.ready('7', '1')
  await answered(await granted(), { floodMs: 60_000 })
  expect(await budget.action('7', 'a1', 100)).toBe(false)
  expect(await budget.action('8', 'a1', 100)).toBe(true)
})

test('a bot is overbooked while its waiting chats would take more than a minute', async () => {
  const { redis, prefix } = openTestRedis()
  const keys = createKeys({ prefix, shards: 1 })
  const limits = { botPerSecond: 0.1, chatPerSecond: 1, chatBurst: 3, groupPerMinute: 20 }
  const create = () => createBudget({ redis, keys, botId: '1', limits })
  await Promise.all([1, 2, 3, 4, 5, 6].map((chat) => create().ready(String(chat), '1')))
  expect(await create().isOverbooked()).toBe(false)
  await create().ready('7', '1')
  expect(await create().isOverbooked()).toBe(true)
})
