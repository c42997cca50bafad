import { openTestRedis, until } from '@chatlane/test-kit'
import { expect, onTestFinished, test } from 'vitest'
import { createTally, readTally, seriesOf } from '../src/tally.ts'

function openTally(flushMs?: number) {
  const { redis, prefix, url } = openTestRedis()
  const key = `${prefix}:tally`
  const tally = createTally({ redis, key, ...(flushMs !== undefined && { flushMs }) })
  onTestFinished(() => tally.stop())
  return { redis, prefix, url, key, tally }
}

test('a series is a line of the exposition, and no label breaks it', () => {
  expect(seriesOf('n')).toBe('n')
  expect(seriesOf('n', { a: '1', b: 'x"y\\z\n' })).toBe('n{a="1",b="xyz"}')
})

test('counts of several processes add up, over several hashes', async () => {
  const { redis, prefix, key, tally } = openTally()
  const other = createTally({ redis, key: `${prefix}:other` })
  tally.count('n', { bot: '1' })
  tally.count('n', { bot: '1' }, 2.5)
  tally.count('m')
  other.count('m', {}, 4)
  await tally.flush()
  await other.stop()
  const total = await readTally(redis, [key, `${prefix}:other`])
  expect(Object.fromEntries(total)).toEqual({ 'n{bot="1"}': 3.5, m: 5 })
})

test('what was counted reaches Redis by itself', async () => {
  const { redis, key, tally } = openTally(5)
  tally.count('n')
  await until(async () => (await redis.hget(key, 'n')) === '1')
})

test('an observation enters every bucket that it fits into, the sum and the count', async () => {
  const { redis, key, tally } = openTally()
  tally.observeSeconds('t', { bot: '1' }, 0.3)
  tally.observeSeconds('t', { bot: '1' }, 1000)
  await tally.stop()
  const total = await readTally(redis, [key])
  expect(total.get('t_bucket{bot="1",le="0.25"}')).toBeUndefined()
  expect(total.get('t_bucket{bot="1",le="0.5"}')).toBe(1)
  expect(total.get('t_bucket{bot="1",le="300"}')).toBe(1)
  expect(total.get('t_bucket{bot="1",le="+Inf"}')).toBe(2)
  expect(total.get('t_count{bot="1"}')).toBe(2)
  expect(total.get('t_sum{bot="1"}')).toBeCloseTo(1000.3)
})

test('a write that failed is kept for the next', async () => {
  const { redis, key, tally } = openTally()
  await redis.set(key, 'no hash')
  tally.count('n')
  await tally.flush()
  await redis.del(key)
  tally.count('n')
  await tally.flush()
  expect(await redis.hget(key, 'n')).toBe('2')
})

test('scripts and processes count in one series', async () => {
  const { redis, key, tally } = openTally()
  tally.count('n', {}, 2)
  await tally.flush()
  await redis.hincrby(key, 'n', 1)
  expect((await readTally(redis, [key])).get('n')).toBe(3)
})
