import { until } from '@chatlane/test-kit'
import { expect, test } from 'vitest'
import { NewerFormatError, seal, unseal } from '../src/format.ts'
import { laneText } from '../src/names.ts'
import { BOT, laneOf, NOTHING, openLanes } from './open-lanes.ts'

const LANE = laneOf(1)
const CHAT = { botId: BOT, homeId: '1' }

test('what is sealed is read as it was, and so is what was written before there were marks', () => {
  for (const payload of ['', '{"text":"5 | 6"}', '7 apples', 'two\nlines']) {
    expect(unseal(seal(payload))).toBe(payload)
  }
  expect(unseal('{"update_id":1}')).toBe('{"update_id":1}')
  expect(() => unseal('9 {}')).toThrow(NewerFormatError)
})

test('an update that a newer release wrote is left to its workers, and counts as no try', async () => {
  const lanes = openLanes({ rules: { quietMs: 0, maxTries: 1, maxDeaths: 1 } })
  const answered: string[] = []
  const givenUp: string[] = []
  const inbox = lanes.keys.ofLane(LANE, 'in')
  await lanes.append(LANE, { id: 'a' })
  const [item = ''] = await lanes.redis.lrange(inbox, 0, -1)
  await lanes.redis.lset(inbox, 0, item.replace('|1 ', '|9 '))
  lanes.startConsumer({
    answer: async ({ items }) => {
      answered.push(...items.map(({ payload }) => payload))
      return NOTHING
    },
    giveUp: async ({ items }) => {
      givenUp.push(...items.map(({ id }) => id))
      return NOTHING
    },
  })
  await lanes.append(laneOf(2), { id: 'b' })
  await until(async () => Number(await lanes.redis.hget(lanes.keys.ofLane(LANE, 'turn'), 'handed')) >= 3)
  expect(answered).toEqual(['pb'])
  // What stands for the newer worker: it reads what the others could not.
  await lanes.redis.lset(inbox, 0, item)
  await until(() => answered.length === 2)
  expect([answered, givenUp]).toEqual([['pb', 'pa'], []])
})

test('a wake-up that a newer release made is offered again until one takes it', async () => {
  const lanes = openLanes()
  const answered: string[] = []
  lanes.startConsumer({
    answer: async ({ lane }) => {
      answered.push(lane.homeId)
      return NOTHING
    },
  })
  await lanes.inbox.append(
    LANE,
    { id: 'a', mergeKey: '', album: '', payload: 'pa' },
    { open: true, countAs: 'n' },
  )
  const job = await lanes.wakes.inbox(0).add('wake', { lane: laneText(LANE), v: 9 })
  await lanes.append(laneOf(2), { id: 'b' })
  await until(async () => (await job.getState()) === 'delayed')
  await until(() => answered.length === 1)
  await job.updateData({ lane: laneText(LANE) })
  await until(() => answered.length === 2)
  expect(answered).toEqual(['2', '1'])
})

test('a delivery that a newer release wrote waits for its senders, and the others leave', async () => {
  const lanes = openLanes()
  const sent: string[] = []
  const out = lanes.keys.ofChat(CHAT, 'out')
  await lanes.post('1', { id: 'a' })
  const [member = '', score = ''] = await lanes.redis.zrange(out, '0', '-1', 'WITHSCORES')
  const newer = member.replace('|1 p', '|9 p')
  await lanes.redis.multi().zrem(out, member).zadd(out, score, newer).exec()
  await lanes.startPumps({
    send: async ({ delivery }) => {
      sent.push(delivery.payload)
      return { kind: 'settled' }
    },
  })
  await until(async () => (await lanes.redis.hget(lanes.keys.ofChat(CHAT, 'outm'), 'attempt')) !== null)
  await lanes.post('2', { id: 'b' })
  await until(() => sent.length === 1)
  await lanes.redis.multi().zrem(out, newer).zadd(out, score, member).exec()
  await until(() => sent.length === 2)
  expect(sent).toEqual(['pb', 'pa'])
})
