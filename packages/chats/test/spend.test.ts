import { openTestRedis } from '@chatlane/test-kit'
import { expect, test } from 'vitest'
import { createSpend } from '../src/spend.ts'

test("a day's spend adds up and ends with the day in UTC", async () => {
  const { redis, prefix } = openTestRedis()
  let now = Date.parse('2026-11-22T23:59:59.999Z')
  const spend = createSpend({ redis, keyPrefix: prefix, now: () => now })
  expect(await spend.todayUsd()).toBe(0)
  await spend.add(0.25)
  await createSpend({ redis, keyPrefix: prefix, now: () => now }).add(0.00012)
  expect(await spend.todayUsd()).toBeCloseTo(0.25012)
  now++
  expect(await spend.todayUsd()).toBe(0)
  await spend.add(1)
  expect(await spend.todayUsd()).toBe(1)
})

test('what was spent is not kept for ever, and bots spend apart', async () => {
  const { redis, prefix } = openTestRedis()
  const spend = createSpend({ redis, keyPrefix: `${prefix}:a`, now: () => 0 })
  await spend.add(1)
  expect(await redis.ttl(`${prefix}:a:spend:1970-01-01`)).toBeGreaterThan(24 * 3600)
  expect(await createSpend({ redis, keyPrefix: `${prefix}:b`, now: () => 0 }).todayUsd()).toBe(0)
})
