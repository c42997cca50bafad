import { expect, test } from 'vitest'
import { takeCensus } from '../src/census.ts'
import { BOT, laneOf, openLanes } from './open-lanes.ts'

test('lanes, turns and chats with deliveries are counted over all shards', async () => {
  const lanes = openLanes({ shards: 3 })
  expect(await takeCensus(lanes.redis, lanes.keys)).toEqual({
    lanesWaiting: 0,
    turnsInProgress: 0,
    oldestUpdateSeconds: 0,
    chatsWithDeliveries: 0,
  })
  for (let home = 1; home <= 6; home++) await lanes.append(laneOf(home), { id: 'a' })
  await lanes.inbox.take(laneOf(1), 't')
  await lanes.post('2', { id: 'd' })
  const [seconds] = await lanes.redis.time()
  const old = { botId: BOT, homeId: '3' }
  await lanes.redis.zadd(
    lanes.keys.ofShard(lanes.keys.shardOf(old), 'dirty'),
    (Number(seconds) - 50) * 1000,
    '1:3:',
  )
  const census = await takeCensus(lanes.redis, lanes.keys)
  expect(census).toMatchObject({ lanesWaiting: 6, turnsInProgress: 1, chatsWithDeliveries: 1 })
  expect(census.oldestUpdateSeconds).toBeGreaterThanOrEqual(50)
})
