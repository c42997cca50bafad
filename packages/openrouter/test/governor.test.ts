import { until } from '@chatlane/test-kit'
import { expect, test } from 'vitest'
import type { Governor, Slot } from '../src/governor.ts'
import { openGuards } from './open-guards.ts'

async function slotOf(governor: Pick<Governor, 'acquire'>): Promise<Slot> {
  const slot = await governor.acquire()
  if (slot.kind !== 'held') throw new Error(slot.kind)
  return slot
}
/** So seldom that only hints can help. */
const RARELY = { leaseMs: 60_000, keepEveryMs: 60_000 }

test('no more than there are slots over all workers, first come first served', async () => {
  const { governor, load } = openGuards()
  const [here, there] = await Promise.all([
    governor({ most: 2, ...RARELY }),
    governor({ most: 2, ...RARELY }),
  ])
  const held = [await slotOf(here), await slotOf(there)]
  const order: number[] = []
  const waiting: Promise<Slot>[] = []
  for (const [index, each] of [here, there, here, there].entries()) {
    const next = slotOf(each)
    waiting.push(next)
    void next.then(() => order.push(index))
    await until(async () => (await load()).slotsWaiting === index + 1)
  }
  expect(await load()).toMatchObject({ slotsInUse: 2, slotsWaiting: 4 })
  for (let i = 0; i < 4; i++) {
    await held[i]?.give()
    const next = waiting[i]
    if (next) held.push(await next)
    expect((await load()).slotsInUse).toBe(2)
  }
  expect(order).toEqual([0, 1, 2, 3])
  await Promise.all(held.slice(4).map((slot) => slot.give()))
  expect(await load()).toMatchObject({ slotsInUse: 0, slotsWaiting: 0 })
})

test('hundreds of requests of three workers never hold more than the slots, and none is left waiting', async () => {
  const { governor, load } = openGuards()
  const workers = await Promise.all([1, 2, 3].map(() => governor({ most: 5, ...RARELY })))
  let inUse = 0
  let most = 0
  await Promise.all(
    Array.from({ length: 300 }, async (_, n) => {
      const slot = await slotOf(workers[n % 3] as Governor)
      most = Math.max(most, ++inUse)
      await new Promise((resolve) => setImmediate(resolve))
      inUse--
      await slot.give()
    }),
  )
  expect(most).toBe(5)
  expect(await load()).toMatchObject({ slotsInUse: 0, slotsWaiting: 0 })
})

test('what a killed worker held and waited for is free when its lease is over', async () => {
  const { governor, load } = openGuards()
  const killed = await governor({ most: 1, leaseMs: 300, keepEveryMs: 50 })
  await slotOf(killed)
  void killed.acquire()
  await until(async () => (await load()).slotsWaiting === 1)
  await killed.kill()
  const other = await governor({ most: 1, leaseMs: 300, keepEveryMs: 50 })
  const slot = await slotOf(other)
  expect(await load()).toMatchObject({ slotsInUse: 1, slotsWaiting: 0 })
  await slot.give()
})

test('a lease is prolonged for as long as the request takes', async () => {
  const { governor, redis, keyOf, load } = openGuards()
  const worker = await governor({ most: 1, leaseMs: 400, keepEveryMs: 50 })
  const slot = await slotOf(worker)
  const ends = new Set<string>()
  await until(async () => {
    for (const end of await redis.zrange(keyOf('slots:held'), '0', '-1', 'WITHSCORES')) ends.add(end)
    return ends.size > 10
  })
  expect((await load()).slotsInUse).toBe(1)
  await slot.give()
})

test('a hint that is lost only costs time', async () => {
  const { governor, redis, keyOf, load } = openGuards()
  await slotOf(await governor({ most: 1, ...RARELY }))
  const next = slotOf(await governor({ most: 1, keepEveryMs: 50 }))
  await until(async () => (await load()).slotsWaiting === 1)
  // The slot comes free, and nobody says so.
  expect(await redis.del(keyOf('slots:held'))).toBe(1)
  expect((await next).kind).toBe('held')
})

test('a stop ends the wait, and nobody waits for ever', async () => {
  const { governor, load } = openGuards()
  const worker = await governor({ most: 1, longestWaitMs: 200, ...RARELY })
  const slot = await slotOf(worker)
  const stop = new AbortController()
  const stopped = worker.acquire(stop.signal)
  await until(async () => (await load()).slotsWaiting === 1)
  stop.abort()
  expect(await stopped).toEqual({ kind: 'aborted' })
  expect(await worker.acquire(stop.signal)).toEqual({ kind: 'aborted' })
  expect(await worker.acquire()).toEqual({ kind: 'full' })
  expect(await load()).toMatchObject({ slotsInUse: 1, slotsWaiting: 0 })
  await slot.give()
  expect((await slotOf(worker)).kind).toBe('held')
})
