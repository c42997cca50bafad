import { until } from '@chatlane/test-kit'
import { expect, test } from 'vitest'
import { itemsOfGrant } from '../src/budget.ts'
import { openPumped } from './open-budget.ts'

const GROUP = '-5'

test('an album counts its items against the bot and its group', async () => {
  const { redis, budget, granted, answered, key } = await openPumped({ groupPerMinute: 20 })
  await budget.ready(GROUP, '1x4')
  const grant = await granted()
  expect(itemsOfGrant(grant)).toBe(4)
  await answered(grant)
  expect(await redis.zcard(key('window'))).toBe(4)
  expect(await redis.zcard(key(`group:${GROUP}`))).toBe(4)
})

test('an album that was not sent gives all of its items back', async () => {
  const { redis, budget, granted, answered, key } = await openPumped({ groupPerMinute: 20 })
  for (const chat of [GROUP, '7']) {
    await budget.ready(chat, '1x4')
    await answered(await granted(), { used: false })
  }
  expect(await redis.zcard(key('window'))).toBe(0)
  expect(await redis.zcard(key(`group:${GROUP}`))).toBe(0)
  expect(await redis.exists(key('bucket:7'))).toBe(0)
})

test('an album waits for room for all of its items, and smaller ones do not keep it waiting for ever', async () => {
  const { budget, ask, answered } = await openPumped({ botPerSecond: 10 })
  const answers: Promise<void>[] = []
  const sent: string[] = []
  await budget.ready('1', '1x8')
  for (let chat = 2; chat <= 30; chat++) await budget.ready(String(chat), '1')
  await until(async () => {
    for (const grant of (await ask('t', 64)).grants) {
      sent.push(grant.chat)
      answers.push(answered(grant))
    }
    return sent.includes('1')
  })
  await Promise.all(answers)
  expect(sent.indexOf('1')).toBeLessThan(10)
})

test('an album leaves the bucket of a private chat in debt', async () => {
  const { budget, granted, answered, ask } = await openPumped({ chatBurst: 3 })
  await budget.ready('7', '1x6')
  await answered(await granted(), { next: '1' })
  const after = await ask()
  expect(after.grants).toEqual([])
  expect(after.waitMs).toBe(1000)
})

test('a preview leaves one call of the bucket to the reply', async () => {
  const { budget, granted, answered, ask } = await openPumped({ chatBurst: 3 })
  await budget.ready('7', '2')
  for (let call = 1; call <= 2; call++) await answered(await granted(), { next: '2' })
  expect((await ask()).grants).toEqual([])
  await budget.ready('7', '1')
  expect((await granted()).class).toBe('1')
})

test('previews of a group keep an even beat and leave it room for replies', async () => {
  const { budget, granted, answered, ask } = await openPumped({ groupPerMinute: 600 })
  await budget.ready(GROUP, '2')
  const times: number[] = []
  for (let call = 1; call <= 4; call++) {
    await answered(await granted(), { next: '2' })
    times.push(performance.now())
  }
  expect((times[3] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(290)
  await budget.ready(GROUP, '1')
  expect((await ask()).grants).toMatchObject([{ class: '1' }])
})

test('a group whose minute is used up by seven tenths shows no more previews', async () => {
  const { budget, granted, answered, ask } = await openPumped({ groupPerMinute: 10 })
  await budget.ready(GROUP, '1')
  for (let call = 1; call <= 7; call++) await answered(await granted(), { next: call < 7 ? '1' : '2' })
  expect((await ask()).grants).toEqual([])
  await budget.ready(GROUP, '1')
  expect((await granted()).class).toBe('1')
})

test('classes go before each other: commands, replies, previews, broadcasts, their recipients', async () => {
  const { budget, ask } = await openPumped()
  for (const [chat, kind] of ['4', '3', '2', '1', '0'].entries()) await budget.ready(String(chat), kind)
  const order: string[] = []
  await until(async () => {
    for (const grant of (await ask('t', 64)).grants) order.push(grant.class)
    return order.length === 5
  })
  expect(order).toEqual(['0', '1', '2', '3', '4'])
})

test('slow answers to several chats slow the bot down, and quiet lets it recover', async () => {
  const { redis, budget, granted, answered, key } = await openPumped({ botPerSecond: 100 })
  const slow = async (chat: string) => {
    await budget.ready(chat, '1')
    await answered(await granted(), { tookMs: 3000 })
  }
  for (let call = 1; call <= 4; call++) await slow('1')
  expect(await redis.exists(key('rate'))).toBe(0)
  for (const chat of ['2', '3']) await slow(chat)
  expect(Number((await redis.get(key('rate')))?.split('|')[0])).toBeCloseTo(70, 0)
  expect(await redis.pttl(key('rate'))).toBeGreaterThan(5000)
})

test('the rate that congestion leaves is kept to', async () => {
  const { redis, budget, ask, answered, key } = await openPumped({ botPerSecond: 50 })
  const [seconds] = await redis.time()
  await redis.set(key('rate'), `10|${Number(seconds) * 1000}`, 'PX', 60_000)
  for (let chat = 1; chat <= 40; chat++) await budget.ready(String(chat), '1')
  const times: number[] = []
  await until(async () => {
    for (const grant of (await ask('t', 64)).grants) {
      times.push(performance.now())
      await answered(grant)
    }
    return times.length === 12
  })
  expect((times[11] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(600)
})

test('what congestion and floods have taken is seen by whoever pumps next', async () => {
  const { redis, budget, granted, answered, takeOver, ask, key } = await openPumped({ botPerSecond: 100 })
  for (const chat of ['1', '2', '3']) {
    await budget.ready(chat, '1')
    await answered(await granted(), { floodMs: 30_000, next: '1' })
  }
  await budget.release('t', true)
  await takeOver('u')
  const { grants, waitMs } = await ask('u', 64)
  expect(grants).toEqual([])
  expect(waitMs).toBeGreaterThan(20_000)
  expect(Number((await redis.get(key('rate')))?.split('|')[0])).toBe(50)
})

test('recipients of a paid broadcast leave at its rate and take nothing from the bot', async () => {
  const { redis, budget, ask, key } = await openPumped({ botPerSecond: 2 })
  await redis.set(key('paid'), '500')
  for (let chat = 1; chat <= 50; chat++) await budget.ready(String(chat), '4')
  const granted: string[] = []
  const startedAt = performance.now()
  await until(async () => {
    for (const grant of (await ask('t', 64)).grants) granted.push(grant.chat)
    return granted.length === 50
  })
  expect(performance.now() - startedAt).toBeGreaterThan(60)
  expect(await redis.zcard(key('window'))).toBe(0)
  await budget.ready('99', '1')
  expect((await ask('t', 64)).grants).toMatchObject([{ chat: '99' }])
})

test("a reply that comes while its preview's call fails does not wait for the preview's pause", async () => {
  const { budget, granted, answered } = await openPumped({ chatBurst: 3 })
  await budget.ready('7', '2')
  const preview = await granted()
  await budget.ready('7', '1')
  await answered(preview, { next: '1', holdMs: 600_000 })
  expect((await granted()).class).toBe('1')
})

test('whoever comes while recipients of a slow paid broadcast are spaced need not wait for them', async () => {
  const { redis, budget, ask, granted, answered, key } = await openPumped()
  await redis.set(key('paid'), '0.01')
  for (const chat of ['5', '6']) await budget.ready(chat, '4')
  const recipient = await granted()
  expect(recipient.class).toBe('4')
  await answered(recipient)
  const answer = await until(async () => {
    const asked = await ask('t', 64)
    return asked.waitMs !== undefined && asked.waitMs > 500 ? asked : undefined
  })
  expect(answer).toMatchObject({ grants: [], busy: false })
})

test('recipients take no more grants than are theirs, and leave the others to replies', async () => {
  const { budget } = await openPumped()
  for (let chat = 1; chat <= 10; chat++) await budget.ready(String(chat), '4')
  await budget.ready('99', '1')
  const granted: string[] = []
  await until(async () => {
    const left = 3 - granted.filter((kind) => kind === '4').length
    const answer = await budget.grant('t', {
      most: 64,
      mostRecipients: left,
      prefix: `t.${performance.now()}.`,
    })
    if (answer.kind === 'granted') granted.push(...answer.grants.map((grant) => grant.class))
    return granted.length >= 4
  })
  expect(granted.toSorted()).toEqual(['1', '4', '4', '4'])
  const more = await budget.grant('t', { most: 64, mostRecipients: 0, prefix: 't.last.' })
  expect(more).toMatchObject({ grants: [] })
})

test("a 429 does not cut a longer freeze short, and a broadcast's pause does not hold a reply", async () => {
  const { redis, budget, granted, answered, key } = await openPumped()
  await budget.freeze('7', 60_000)
  await budget.ready('8', '1')
  await answered(await granted(), { floodMs: 30_000 })
  await budget.freeze('8', 20_000)
  expect(await redis.pttl(key('frozen:8'))).toBeGreaterThan(20_500)
  expect(await redis.pttl(key('frozen:7'))).toBeGreaterThan(30_500)
  await budget.ready('9', '4')
  const recipient = await granted()
  await budget.ready('9', '1')
  await answered(recipient, { next: '', holdMs: 600_000 })
  expect((await granted()).class).toBe('1')
})
