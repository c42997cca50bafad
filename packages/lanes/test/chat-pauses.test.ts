import { until } from '@chatlane/test-kit'
import { expect, test } from 'vitest'
import { createChatPauses } from '../src/chat-pauses.ts'
import { laneOf, NOTHING, openLanes } from './open-lanes.ts'

test('no turn of any lane of a paused chat begins, updates are taken in, other chats go on', async () => {
  const lanes = openLanes()
  const pauses = createChatPauses(lanes)
  expect(await pauses.pause(laneOf(1))).toBe(true)
  for (const place of ['', 't5']) {
    await lanes.append(laneOf(1, place), { id: `a${place}` })
    expect(await lanes.inbox.take(laneOf(1, place), 'x')).toEqual({ kind: 'wait', ms: 1000, why: 'paused' })
  }
  await lanes.append(laneOf(12), { id: 'b' })
  expect((await lanes.inbox.take(laneOf(12), 'y')).kind).toBe('turn')
  expect((await lanes.inbox.take(laneOf(2), 'z')).kind).toBe('empty')
})

test('a turn in progress goes on to its end', async () => {
  const lanes = openLanes()
  const pauses = createChatPauses(lanes)
  await lanes.append(laneOf(1), { id: 'a' })
  await lanes.inbox.take(laneOf(1), 'x')
  await pauses.pause(laneOf(1))
  expect((await lanes.inbox.commit(laneOf(1), 'x', NOTHING)).kind).toBe('committed')
})

test('a chat that is resumed is answered, in order', async () => {
  const lanes = openLanes()
  const pauses = createChatPauses(lanes)
  await pauses.pause(laneOf(1))
  const answered: string[] = []
  lanes.startConsumer({
    async answer(turn) {
      answered.push(turn.items[0]?.id ?? '')
      return NOTHING
    },
  })
  for (const id of ['a', 'b']) await lanes.append(laneOf(1), { id })
  await lanes.append(laneOf(2), { id: 'c' })
  await until(() => answered.length === 1)
  expect(answered).toEqual(['c'])
  await pauses.resume(laneOf(1))
  await until(() => answered.length === 3)
  expect(answered).toEqual(['c', 'a', 'b'])
})

test('it is told since when a chat is paused, and whether anything changed', async () => {
  const lanes = openLanes()
  const pauses = createChatPauses(lanes)
  const chat = laneOf(1)
  expect(await pauses.sinceMs(chat)).toBeUndefined()
  expect(await pauses.resume(chat)).toBe(false)
  const [seconds] = await lanes.redis.time()
  expect([await pauses.pause(chat), await pauses.pause(chat)]).toEqual([true, false])
  expect(await pauses.sinceMs(chat)).toBeGreaterThanOrEqual(Number(seconds) * 1000)
  expect([await pauses.resume(chat), await pauses.sinceMs(chat)]).toEqual([true, undefined])
})
