import {
  createHomes,
  createInbox,
  createKeys,
  createStops,
  createTaps,
  createWakes,
  type LaneName,
} from '@chatlane/lanes'
import type { RedisState } from '@chatlane/runtime'
import { latch, openTestRedis } from '@chatlane/test-kit'
import { expect, onTestFinished, test } from 'vitest'
import { createAdmission } from '../src/admission.ts'

const BOT = '1'
const ANNA = { id: 7, is_bot: false, first_name: 'Anna' }
const PRIVATE = { id: 7, type: 'private' }

function openAdmission({
  state = 'ready',
  isOver = () => false,
}: {
  state?: RedisState
  isOver?: (botId: string) => boolean
} = {}) {
  const { redis, prefix, connect } = openTestRedis()
  const keys = createKeys({ prefix, shards: 1 })
  const wakes = createWakes({ redis, keys, onError: () => undefined })
  onTestFinished(() => wakes.close())
  const inbox = createInbox({ redis, keys, rules: { quietMs: 0, maxTries: 3 } })
  const homes = createHomes({ redis, keys })
  const stops = createStops({ redis, keys })
  const admit = createAdmission({
    inbox,
    wakes,
    homes,
    stops,
    taps: createTaps({ redis, keys }),
    state: () => state,
    bounds: { mostItems: 2, mostBytes: 10_000 },
    backlog: { isOver },
  })
  return {
    redis,
    keys,
    homes,
    stops,
    admit: (update: object) => admit(BOT, { value: update, json: JSON.stringify(update) }),
    /** Ids of the updates that wait in the lane. */
    waiting: async (lane: LaneName) =>
      (await redis.lrange(keys.ofLane(lane, 'in'), 0, -1)).map((item) => Number(item.split('|')[1])),
    listener: () => createStops({ redis: connect(), keys }),
  }
}

const laneOf = (homeId: string, place = ''): LaneName => ({ botId: BOT, homeId, place })
const stopCommand = (updateId: number, more: object = {}) => ({
  update_id: updateId,
  message: {
    message_id: 1,
    chat: PRIVATE,
    from: ANNA,
    text: '/stop',
    entities: [{ type: 'bot_command', offset: 0, length: 5 }],
    ...more,
  },
})

test('/stop is noted in the lane in which it then waits for its own turn', async () => {
  const { admit, stops, waiting } = openAdmission()
  expect(await admit(stopCommand(50))).toEqual({ kind: 'stored' })
  expect(await stops.of(laneOf('7'))).toEqual([{ updateId: 50, userId: 7 }])
  expect(await waiting(laneOf('7'))).toEqual([50])
})

test('a press is noted in the lane of the answer, and waits in that of who pressed', async () => {
  const { admit, stops, waiting, homes } = openAdmission()
  await homes.noteMigration(BOT, { from: '-5', to: '-1001' })
  const chat = { id: -1001, type: 'supergroup', is_forum: true }
  const message = { message_id: 2, chat, message_thread_id: 6, is_topic_message: true }
  await admit({ update_id: 51, callback_query: { id: '1', from: ANNA, data: 'stop:42', message } })
  expect(await stops.of(laneOf('-5', 't6'))).toEqual([{ updateId: 51, userId: 7, stream: '42' }])
  expect(await waiting(laneOf('7', 'q'))).toEqual([51])
  expect(await waiting(laneOf('-5', 't6'))).toEqual([])
})

test("a draft's own stop is noted in its chat, where it waits too", async () => {
  const { admit, stops, waiting } = openAdmission()
  await admit({ update_id: 52, stopped_message_generation: { chat: PRIVATE, draft_id: 9 } })
  expect(await stops.of(laneOf('7'))).toEqual([{ updateId: 52, userId: 7, draftId: 9 }])
  expect(await waiting(laneOf('7'))).toEqual([52])
})

test('workers hear of a stop when it is noted', async () => {
  const { admit, listener } = openAdmission()
  const heard = latch<string>()
  const listening = await listener().listen(heard.open)
  onTestFinished(() => listening.stop())
  await admit(stopCommand(50))
  expect(await heard.opened).toBe('1:7:')
})

test('what asks for no stop notes none', async () => {
  const { admit, redis, keys } = openAdmission()
  await admit(stopCommand(50, { text: '/start', entities: [{ type: 'bot_command', offset: 0, length: 6 }] }))
  await admit({ update_id: 51, callback_query: { id: '1', from: ANNA, data: 'other' } })
  expect(await redis.keys(`${keys.shard(0)}:stops:*`)).toEqual([])
})

test('a stop that is delivered again is noted once and waits once', async () => {
  const { admit, stops, waiting } = openAdmission()
  await admit(stopCommand(50))
  expect(await admit(stopCommand(50))).toEqual({ kind: 'seen' })
  expect(await stops.of(laneOf('7'))).toHaveLength(1)
  expect(await waiting(laneOf('7'))).toEqual([50])
})

test('a stop that could not be noted is not admitted: Telegram delivers it again', async () => {
  const { admit, redis, keys, waiting } = openAdmission()
  await redis.set(keys.ofLane(laneOf('7'), 'stops'), 'no list')
  await expect(admit(stopCommand(50))).rejects.toThrow('WRONGTYPE')
  expect(await waiting(laneOf('7'))).toEqual([])
})

test('a full Redis still lets running answers be stopped', async () => {
  const { admit, stops, waiting } = openAdmission({ state: 'full' })
  expect(await admit(stopCommand(50))).toEqual({ kind: 'closed' })
  expect(await stops.of(laneOf('7'))).toHaveLength(1)
  expect(await waiting(laneOf('7'))).toEqual([])
})

test('while Redis is away nothing is noted', async () => {
  const { admit, stops } = openAdmission({ state: 'away' })
  expect(await admit(stopCommand(50))).toEqual({ kind: 'closed' })
  expect(await stops.of(laneOf('7'))).toEqual([])
})

test('a chat over its bound sheds what is written in it, and nothing that was paid', async () => {
  const { admit, waiting } = openAdmission()
  const message = (updateId: number, more: object = {}) => ({
    update_id: updateId,
    message: { message_id: updateId, chat: PRIVATE, from: ANNA, text: 'hello', ...more },
  })
  for (const id of [1, 2]) expect(await admit(message(id))).toEqual({ kind: 'stored' })
  expect(await admit(message(3))).toEqual({ kind: 'shed' })
  expect(await admit(message(3))).toEqual({ kind: 'seen' })
  expect(await admit(message(4, { successful_payment: { currency: 'XTR' } }))).toEqual({ kind: 'stored' })
  expect(await admit({ update_id: 5, my_chat_member: { chat: PRIVATE, from: ANNA } })).toEqual({
    kind: 'stored',
  })
  expect(await waiting(laneOf('7'))).toEqual([1, 2, 4, 5])
})

test('while too much of a bot waits only what was seen is admitted', async () => {
  let waits = false
  const { admit } = openAdmission({ isOver: (botId) => waits && botId === BOT })
  expect(await admit(stopCommand(1))).toEqual({ kind: 'stored' })
  waits = true
  expect(await admit(stopCommand(1))).toEqual({ kind: 'seen' })
  expect(await admit(stopCommand(2))).toEqual({ kind: 'closed' })
})
