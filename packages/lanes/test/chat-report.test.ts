import { expect, test } from 'vitest'
import { reportChat } from '../src/chat-report.ts'
import { sessionKey } from '../src/session-key.ts'
import { BOT, laneOf, openLanes } from './open-lanes.ts'

const CHAT = { botId: BOT, homeId: '12' }

test('of an unknown chat there is nothing to tell', async () => {
  const { redis, keys } = openLanes()
  expect(await reportChat({ redis, keys, chat: CHAT })).toEqual({
    ...{ nowMs: expect.any(Number), lanes: [], deliveries: [], frozenMs: 0, botPausedMs: 0, sessions: 0 },
  })
})

test('what waits is told apart from the turn in progress, place by place', async () => {
  const { redis, keys, inbox, append } = openLanes()
  for (const id of ['a', 'b', 'c']) await append(laneOf('12'), { id })
  await append(laneOf('12', 't5'), { id: 'd' })
  await append(laneOf('123'), { id: 'e' })
  for (const turnId of ['x', 'y']) {
    await inbox.take(laneOf('12'), turnId)
    if (turnId === 'x') await inbox.handBack(laneOf('12'), turnId, { pauseMs: 0, counts: true })
  }
  const { lanes, nowMs } = await reportChat({ redis, keys, chat: CHAT })
  expect(lanes).toMatchObject([
    { place: '', waiting: 2, updates: [{ id: 'b', payload: 'pb' }, { id: 'c' }] },
    { place: 't5', waiting: 1, updates: [{ id: 'd' }] },
  ])
  expect(lanes[0]?.turn).toMatchObject({ tries: 2, fails: 1, updates: [{ id: 'a' }] })
  expect(lanes[1]?.turn).toBeUndefined()
  const times = [lanes[0]?.updates[0]?.atMs ?? 0, lanes[0]?.turn?.sinceMs ?? 0, nowMs]
  expect(times).toEqual(times.toSorted((one, other) => one - other))
})

test('a turn that waits to be tried again says when', async () => {
  const { redis, keys, inbox, append } = openLanes()
  await append(laneOf('12'), { id: 'a' })
  await inbox.take(laneOf('12'), 'x')
  await inbox.handBack(laneOf('12'), 'x', { pauseMs: 60_000, counts: true })
  const { lanes, nowMs } = await reportChat({ redis, keys, chat: CHAT })
  expect(lanes[0]).toMatchObject({ waiting: 1 })
  expect(lanes[0]?.turn).toBeUndefined()
  expect((lanes[0]?.retryAtMs ?? 0) - nowMs).toBeGreaterThan(50_000)
})

test('the outbox is told with the call under way and what holds it back', async () => {
  const { redis, keys, outbox, budget } = openLanes()
  const post = (id: string, kind: 0 | 1 | 3) =>
    outbox.post(CHAT, { id, class: kind, place: 't5', payload: `p|${id}` })
  await post('d', 1)
  await post('e', 3)
  await post('f', 0)
  await outbox.attempt(CHAT, 'token')
  const before = await reportChat({ redis, keys, chat: CHAT })
  expect(before.deliveries).toMatchObject([
    { id: 'd', class: 'reply', place: 't5', payload: 'p|d' },
    { id: 'f', class: 'command' },
    { id: 'e', class: 'broadcast' },
  ])
  expect(before.attempt).toMatchObject({ deliveryId: 'd', isHandedOver: false })
  await outbox.handOver(CHAT, 'token', { repeatable: true })
  await budget.freeze('12', 60_000)
  await redis.set(`${keys.bot(BOT)}:pause`, '1', 'PX', 30_000)
  for (const session of [{ userId: '5' }, { userId: '5', property: 'game' }, {}])
    await redis.set(sessionKey(keys, { ...CHAT, ...session }), '')
  const after = await reportChat({ redis, keys, chat: CHAT })
  expect(after).toMatchObject({ attempt: { isHandedOver: true }, sessions: 3 })
  expect(after.attempt?.untilMs).toBeGreaterThan(after.nowMs)
  expect([after.frozenMs > 50_000, after.botPausedMs > 20_000]).toEqual([true, true])
})

test('of a long queue the first updates are told, and how many there are', async () => {
  const { redis, keys, append } = openLanes()
  for (let id = 0; id < 130; id++) await append(laneOf('12'), { id: String(id) })
  const { lanes } = await reportChat({ redis, keys, chat: CHAT })
  expect([lanes[0]?.waiting, lanes[0]?.updates.length]).toEqual([130, 100])
})
