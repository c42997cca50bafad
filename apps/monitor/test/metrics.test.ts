import { createTally } from '@chatlane/runtime'
import { expect, onTestFinished, test } from 'vitest'
import { openMonitor, readBoard } from './open-monitor.ts'
import { parseExposition } from './parse-exposition.ts'

const OF_THE_CONTRACT = {
  chatlane_updates_total: 'counter',
  chatlane_oldest_update_seconds: 'gauge',
  chatlane_turns_in_progress: 'gauge',
  chatlane_turn_seconds: 'histogram',
  chatlane_time_to_first_token_seconds: 'histogram',
  chatlane_deliveries_total: 'counter',
  chatlane_deliveries_repeated_total: 'counter',
  chatlane_delivery_late_seconds: 'histogram',
  chatlane_telegram_429_total: 'counter',
  chatlane_dead_letters_total: 'counter',
  chatlane_openrouter_tokens_total: 'counter',
  chatlane_openrouter_cost_usd_total: 'counter',
}

async function scrape(address: string) {
  const response = await fetch(`${address}/metrics`)
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
  return parseExposition(await response.text())
}

test('every metric of the contract is there before anything happened', async () => {
  const { address } = await openMonitor()
  const { values, types } = await scrape(address)
  for (const [name, type] of Object.entries(OF_THE_CONTRACT)) {
    expect([name, types.get(name)]).toEqual([name, type])
    expect([name, values.get(type === 'histogram' ? `${name}_count` : name)]).toEqual([name, 0])
  }
})

test.for([{ shards: 1 }, { shards: 3 }])(
  'Bull Board, Redis and the metrics agree on 1,000 updates of 250 chats and 3 dead letters ($shards shards)',
  async ({ shards }) => {
    const { address, get, redis, keys, append, park } = await openMonitor({ shards })
    await append({ updates: 1000, chats: 250 })
    await park(3)
    const each = async (count: (n: number) => Promise<number>) => {
      const counts = await Promise.all(Array.from({ length: shards }, (_, n) => count(n)))
      return counts.reduce((total, one) => total + one, 0)
    }
    const board = [...(await readBoard(get)).values()]
    const onBoard = (name: string, state: string) =>
      board
        .filter((queue) => queue.name.endsWith(name))
        .reduce((total, queue) => total + (queue.counts[state] ?? 0), 0)
    const { values } = await scrape(address)

    const waiting = await each((n) => redis.llen(keys.ofShard(n, 'inbox:wait')))
    expect(waiting).toBe(250)
    expect(onBoard('inbox', 'waiting')).toBe(250)
    expect(values.get('chatlane_queue_jobs{queue="inbox",state="waiting"}')).toBe(250)
    expect(values.get('chatlane_lanes_waiting')).toBe(250)
    expect(values.get('chatlane_updates_total{bot="1",type="message"}')).toBe(1000)

    expect(await each((n) => redis.zcard(keys.ofShard(n, 'dead-letters:failed')))).toBe(3)
    expect(onBoard('dead-letters', 'failed')).toBe(3)
    expect(values.get('chatlane_queue_jobs{queue="dead-letters",state="failed"}')).toBe(3)
    expect(values.get('chatlane_dead_letters')).toBe(3)
  },
)

test('the age of the oldest update is that of the lane that has waited longest', async () => {
  const { address, redis, keys, append } = await openMonitor({ shards: 2 })
  await append({ updates: 10, chats: 10 })
  await redis.zadd(keys.ofShard(1, 'dirty'), Date.now() - 90_000, '1:99:')
  const age = (await scrape(address)).values.get('chatlane_oldest_update_seconds')
  expect(age).toBeGreaterThanOrEqual(89)
  expect(age).toBeLessThan(120)
})

test('how each bot stands with Telegram, and how much of Redis is used, is shown', async () => {
  const { address, redis, keys, append } = await openMonitor()
  await append({ updates: 2, chats: 2 })
  await redis.set(`${keys.bot('1')}:pause`, '1', 'PX', 60_000)
  const { values } = await scrape(address)
  expect(values.get('chatlane_bot_paused_seconds{bot="1"}')).toBeGreaterThan(50)
  expect(values.get('chatlane_chats_in_line{bot="1"}')).toBe(0)
  expect(values.get('chatlane_bot_slowed{bot="1"}')).toBe(0)
  expect(values.get('chatlane_redis_used_bytes')).toBeGreaterThan(500_000)
  expect(values.get('chatlane_redis_limit_bytes')).toBe(0)
})

test('what several processes counted and observed is added up', async () => {
  const { address, redis, keys } = await openMonitor({ shards: 2 })
  for (const shard of [0, 1]) {
    const tally = createTally({ redis, key: keys.ofShard(shard, 'tally') })
    onTestFinished(() => tally.stop())
    tally.count('chatlane_deliveries_total', { outcome: 'sent' }, 2)
    tally.count('chatlane_openrouter_cost_usd_total', {}, 0.25)
    tally.observeSeconds('chatlane_turn_seconds', { bot: '1' }, 0.3 + shard * 1000)
    await tally.flush()
  }
  const { values } = await scrape(address)
  expect(values.get('chatlane_deliveries_total{outcome="sent"}')).toBe(4)
  expect(values.get('chatlane_openrouter_cost_usd_total')).toBe(0.5)
  expect(values.get('chatlane_turn_seconds_bucket{bot="1",le="0.25"}')).toBe(0)
  expect(values.get('chatlane_turn_seconds_bucket{bot="1",le="0.5"}')).toBe(1)
  expect(values.get('chatlane_turn_seconds_bucket{bot="1",le="300"}')).toBe(1)
  expect(values.get('chatlane_turn_seconds_bucket{bot="1",le="+Inf"}')).toBe(2)
  expect(values.get('chatlane_turn_seconds_count{bot="1"}')).toBe(2)
  expect(values.get('chatlane_turn_seconds_sum{bot="1"}')).toBeCloseTo(1000.6)
})

test('whoever is on call sees which models are not asked, and how full the slots are', async () => {
  const { address, redis, keys } = await openMonitor()
  const nowMs = Date.now()
  const key = (name: string) => keys.ofShard(0, name)
  await redis.zadd(key('breakers:open'), nowMs + 60_000, 'model:a/one', nowMs - 60_000, 'model:b/two')
  await redis.zadd(
    key('slots:held'),
    nowMs + 60_000,
    'x',
    nowMs + 60_000,
    'y',
    nowMs - 60_000,
    'of a killed worker',
  )
  await redis.zadd(key('slots:here'), nowMs + 60_000, 'z')
  const { values } = await scrape(address)
  expect(values.get('chatlane_openrouter_breaker_open{subject="model:a/one"}')).toBe(1)
  expect([...values.keys()].filter((name) => name.startsWith('chatlane_openrouter_breaker'))).toHaveLength(1)
  expect(values.get('chatlane_openrouter_slots_in_use')).toBe(2)
  expect(values.get('chatlane_openrouter_slots_waiting')).toBe(1)
})
