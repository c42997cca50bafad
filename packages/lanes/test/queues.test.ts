import { expect, test } from 'vitest'
import { laneOf, openLanes } from './open-lanes.ts'

test('a wake of a lane that waits already makes no second job', async () => {
  const { wakes } = openLanes()
  for (let n = 0; n < 3; n++) await wakes.wakeLane(laneOf(7))
  await wakes.wakeLanes([laneOf(7), laneOf(8)])
  expect(await wakes.inbox(0).getWaitingCount()).toBe(2)
})

test('many lanes are woken also after Redis forgot its scripts', async () => {
  const { redis, wakes } = openLanes()
  await wakes.wakeLanes([laneOf(1)])
  await redis.script('FLUSH')
  await wakes.wakeLanes([laneOf(2), laneOf(3)])
  expect(await wakes.inbox(0).getWaitingCount()).toBe(3)
})

test('a forced wake of a pump makes a job although another has it', async () => {
  const { wakes } = openLanes()
  await wakes.wakePump('1')
  await wakes.wakePump('1')
  expect(await wakes.outbox.getWaitingCount()).toBe(1)
  await wakes.wakePump('1', { force: true })
  expect(await wakes.outbox.getWaitingCount()).toBe(2)
})

test('of the wakes that failed only the last ones are kept', async () => {
  const { wakes } = openLanes()
  await wakes.wakeLane(laneOf(1))
  await wakes.wakePump('1', { force: true })
  for (const queue of [wakes.inbox(0), wakes.outbox]) {
    expect((await queue.getWaiting())[0]?.opts.removeOnFail).toEqual({ count: 200 })
  }
})

test('a shard that is not there is refused', () => {
  expect(() => openLanes().wakes.inbox(1)).toThrow()
})

test("every key of the queues lies under its shard's hash tag", async () => {
  const { redis, prefix, wakes } = openLanes({ shards: 3 })
  await wakes.wakeLanes([1, 2, 3, 4, 5, 6].map((id) => laneOf(id)))
  await wakes.wakePump('1')
  const keys = await redis.keys(`${prefix}:*`)
  expect(keys.length).toBeGreaterThan(6)
  for (const key of keys) expect(key).toMatch(/^[^{]+:\{s[012]\}:(inbox|queries|outbox):/)
})
