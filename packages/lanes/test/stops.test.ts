import { latch, openTestRedis, openTestServer, until } from '@chatlane/test-kit'
import calculateSlot from 'cluster-key-slot'
import { expect, onTestFinished, test } from 'vitest'
import { createKeys, type LaneName, laneText } from '../src/names.ts'
import { createStops, type Stop } from '../src/stops.ts'
import { laneOf } from './open-lanes.ts'

const stopOf = (updateId: number, more: Partial<Stop> = {}): Stop => ({ updateId, userId: 7, ...more })

function openStops(shards = 3) {
  const { redis, prefix, connect } = openTestRedis()
  const keys = createKeys({ prefix, shards })
  /** Stops of another process, with a connection of its own. */
  const elsewhere = () => createStops({ redis: connect(), keys })
  return { redis, keys, stops: createStops({ redis, keys }), elsewhere }
}

test('a lane where nobody asked to stop has no stops', async () => {
  const { stops } = openStops()
  expect(await stops.of(laneOf(1))).toEqual([])
})

test('what was noted is found whole, in order, by every process, in its lane only', async () => {
  const { stops, elsewhere } = openStops()
  const lane = laneOf(-100, 't5')
  const noted = [stopOf(1, { stream: '42' }), stopOf(2, { draftId: 9 }), stopOf(3, { addressee: 'some_bot' })]
  for (const stop of noted) await stops.note(lane, stop)
  expect(await elsewhere().of(lane)).toEqual(noted)
  expect(await stops.of(laneOf(-100))).toEqual([])
  expect(await stops.of(laneOf(-100, 't6'))).toEqual([])
})

test('a stop that is noted again is there once', async () => {
  const { stops } = openStops()
  await stops.note(laneOf(1), stopOf(5))
  await stops.note(laneOf(1), stopOf(5))
  expect(await stops.of(laneOf(1))).toEqual([stopOf(5)])
})

test('only the newest twenty are kept, and not for ever', async () => {
  const { redis, keys, stops } = openStops()
  for (let id = 1; id <= 25; id++) await stops.note(laneOf(1), stopOf(id))
  const kept = await stops.of(laneOf(1))
  expect(kept.map(({ updateId }) => updateId)).toEqual(Array.from({ length: 20 }, (_, n) => n + 6))
  const ttl = await redis.ttl(keys.ofLane(laneOf(1), 'stops'))
  expect(ttl).toBeGreaterThan(3500)
  expect(ttl).toBeLessThanOrEqual(3600)
})

test('every listener hears of a stop of any shard, after it was noted', async () => {
  const { keys, stops, elsewhere } = openStops(4)
  const lanes = Array.from({ length: 30 }, (_, id) => laneOf(id + 1, 't1'))
  expect(new Set(lanes.map((lane) => keys.shardOf(lane))).size).toBe(4)
  const reader = elsewhere()
  const found = new Map<string, Promise<Stop[]>>()
  const others = new Set<string>()
  const laneByText = new Map(lanes.map((lane) => [laneText(lane), lane]))
  const listening = await Promise.all([
    reader.listen((text) => found.set(text, reader.of(laneByText.get(text) as LaneName))),
    elsewhere().listen((text) => others.add(text)),
  ])
  onTestFinished(async () => void (await Promise.all(listening.map((each) => each.stop()))))
  for (const lane of lanes) await stops.note(lane, stopOf(1))
  await until(() => found.size === 30 && others.size === 30)
  expect(await Promise.all(found.values())).toEqual(lanes.map(() => [stopOf(1)]))
})

test('who has stopped listening hears nothing more', async () => {
  const { redis, keys, stops, elsewhere } = openStops(1)
  const heard: string[] = []
  const first = latch()
  const listening = await elsewhere().listen((text) => {
    heard.push(text)
    first.open()
  })
  await stops.note(laneOf(1), stopOf(1))
  await first.opened
  await listening.stop()
  const channel = keys.ofShard(0, 'stopping')
  await until(async () => ((await redis.pubsub('NUMSUB', channel)) as [string, number])[1] === 0)
  await stops.note(laneOf(2), stopOf(2))
  expect(heard).toEqual([laneText(laneOf(1))])
})

test('a listener whose connection broke listens again', async () => {
  const { redis, stops, elsewhere } = openStops(2)
  const heard: string[] = []
  const listening = await elsewhere().listen((text) => heard.push(text))
  onTestFinished(() => listening.stop())
  await redis.client('KILL', 'TYPE', 'PUBSUB')
  await until(async () => {
    await stops.note(laneOf(1), stopOf(1))
    return heard.length > 0
  })
  expect(heard[0]).toBe(laneText(laneOf(1)))
})

test('a stop that could not be noted is an error, not a silence', async () => {
  const { redis, keys, stops } = openStops()
  await redis.set(keys.ofLane(laneOf(1), 'stops'), 'no list')
  await expect(stops.note(laneOf(1), stopOf(1))).rejects.toThrow('WRONGTYPE')
})

test('noting keeps to one slot of a Cluster', async () => {
  const { redis } = await openTestServer(['--cluster-enabled', 'yes'])
  await redis.cluster('ADDSLOTSRANGE', 0, 16383)
  await until(async () => /cluster_state:ok/.test(String(await redis.cluster('INFO'))))
  const keys = createKeys({ prefix: 'chatlane', shards: 5 })
  const stops = createStops({ redis, keys })
  await stops.note(laneOf(1), stopOf(1))
  const used = await redis.keys('*')
  expect(used.map((key) => calculateSlot(key))).toEqual([calculateSlot(keys.shard(keys.shardOf(laneOf(1))))])
})
