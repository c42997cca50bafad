import { expect, test } from 'vitest'
import { createKeys, laneFromText, laneText } from '../src/names.ts'

const LANES = [
  { botId: '12', homeId: '-1001', place: '' },
  { botId: '12', homeId: '7', place: 't5' },
  { botId: '12', homeId: '7', place: 'b:AbC:x\n|' },
]

test('a lane is read back from its text, whatever its place is called', () => {
  for (const lane of LANES) expect(laneFromText(laneText(lane))).toEqual(lane)
})

test('text that is no lane is refused', () => {
  for (const text of ['', '1', '1:2', 'a:2:', '1:b:', '-1:2:']) expect(() => laneFromText(text)).toThrow()
})

test('all places of a chat lie in one shard, and chats spread over all of them', () => {
  const keys = createKeys({ prefix: 'p', shards: 8 })
  const [, topic, business] = LANES
  if (!topic || !business) throw new Error('no lanes')
  expect(keys.shardOf(topic)).toBe(keys.shardOf(business))
  const used = new Set(
    Array.from({ length: 200 }, (_, id) => keys.shardOf({ botId: '1', homeId: String(id) })),
  )
  expect(used.size).toBe(8)
})

test("a chat's shard stays the same for ever", () => {
  const keys = createKeys({ prefix: 'p', shards: 16 })
  const shards = ['7', '-100200300', '4096'].map((homeId) => keys.shardOf({ botId: '123456', homeId }))
  expect(shards).toEqual([5, 1, 3])
})
