import { expect, onTestFinished, test } from 'vitest'
import { noteInJournal } from '../src/calls.ts'
import { noteInIndex } from '../src/chat-index.ts'
import { createChatLetters } from '../src/chat-letters.ts'
import { createDeadLetters } from '../src/dead-letters.ts'
import { type ErasingWrite, eraseChat } from '../src/erase-chat.ts'
import type { LaneName } from '../src/names.ts'
import { scripts } from '../src/scripts.ts'
import { createStops } from '../src/stops.ts'
import type { Delivery } from '../src/turn-end.ts'
import { BOT, laneOf, NOTHING, openLanes } from './open-lanes.ts'

const CHAT = { botId: BOT, homeId: '12' }
const delivery = (id: string) => ({ id, class: 1 as const, place: '', payload: `d${id}` })

function openChat() {
  const lanes = openLanes()
  const { redis, keys, prefix } = lanes
  const erase = (
    writes: (lane: LaneName) => ErasingWrite[] = () => [],
    lookIn: 'everywhere' | 'index' = 'everywhere',
    deliveries: Delivery[] = [],
  ) => eraseChat({ redis, keys, chat: CHAT, writes, lookIn, deliveries })
  /** What is left of the chat, without the prefix of its shard. */
  const left = async () => {
    const found = await redis.keys(`${prefix}:{s0}:*:${CHAT.homeId}*`)
    return found.map((key) => key.slice(keys.shard(0).length + 1)).sort()
  }
  const members = async () => {
    const sets = ['dirty', 'turns', 'outdirty'].map((name) => redis.zrange(keys.ofShard(0, name), '0', '-1'))
    return (await Promise.all(sets)).flat()
  }
  return { ...lanes, erase, left, members }
}

test('what waits, what is under way and what is remembered of a chat is gone, and of no other', async () => {
  const { redis, keys, inbox, outbox, append, erase, left, members } = openChat()
  for (const homeId of ['12', '123']) {
    await append(laneOf(homeId), { id: `a${homeId}` })
    await append(laneOf(homeId, 't5'), { id: `b${homeId}` })
    await append(laneOf(homeId, 't5'), { id: `c${homeId}` })
    await inbox.take(laneOf(homeId), `turn${homeId}`)
    await outbox.post({ botId: BOT, homeId }, delivery('d'))
    await outbox.attempt({ botId: BOT, homeId }, 'token')
    await outbox.publish(laneOf(homeId), { turnId: `turn${homeId}`, stream: 's', payload: '{}' })
    await createStops({ redis, keys }).note(laneOf(homeId), { updateId: 1, userId: 1 })
    await redis.hset(keys.ofLane(laneOf(homeId), 'chat'), 'messages', 'x')
    for (const name of ['sess:5', 'sess', 'dead:update:42', 'call:c1', 'paused'])
      await redis.set(keys.ofChat({ botId: BOT, homeId }, name), 'x')
  }
  expect(await erase()).toEqual({ updates: 3, deliveries: 2, outClass: '' })
  const rest = await left()
  // What Telegram delivers again is known, and what an operator has paused stays so.
  expect(rest.filter((key) => !key.includes(':1:123'))).toEqual(
    ['inbox:de:1:12:', 'inbox:de:1:12:t5', 'paused:1:12', 'seen:1:12'].sort(),
  )
  expect(rest.filter((key) => key.includes(':1:123')).length).toBeGreaterThanOrEqual(14)
  expect((await members()).filter((member) => !member.includes('123'))).toEqual([])
  await append(laneOf('12'), { id: 'a12' })
  expect(await redis.exists(keys.ofLane(laneOf('12'), 'in'))).toBe(0)
})

test('a turn in progress leaves nothing behind, and does not take what came later', async () => {
  const { redis, keys, inbox, outbox, append, erase, left } = openChat()
  await append(laneOf('12'), { id: 'a' })
  await append(laneOf('12'), { id: 'b' })
  await inbox.take(laneOf('12'), 'old')
  await erase()
  await append(laneOf('12'), { id: 'c' })
  const key = keys.ofLane(laneOf('12'), 'chat')
  const end = {
    deliveries: [delivery('late')],
    writes: [{ command: 'hset' as const, key, args: ['a', 'b'] }],
  }
  expect((await inbox.commit(laneOf('12'), 'old', end)).kind).toBe('stale')
  expect(await outbox.publish(laneOf('12'), { turnId: 'old', stream: 's', payload: '' })).toEqual({
    kind: 'stale',
  })
  expect(await inbox.handBack(laneOf('12'), 'old', { pauseMs: 0, counts: true })).toBe(false)
  expect(await redis.exists(key)).toBe(0)
  expect((await left()).filter((name) => name.startsWith('out'))).toEqual([])
  expect(await inbox.take(laneOf('12'), 'new')).toMatchObject({
    kind: 'turn',
    items: [{ id: 'c' }],
    tries: 1,
  })
})

test('a delivery under way is not made any more, or not again', async () => {
  const { outbox, erase } = openChat()
  await outbox.post(CHAT, delivery('d'))
  await outbox.attempt(CHAT, 'token')
  await erase()
  expect(await outbox.handOver(CHAT, 'token', { repeatable: false })).toBe(false)
  const noted = { token: 'token', delivery: { ...delivery('d'), items: 1, stream: '', atMs: 0 } }
  expect(await outbox.note(CHAT, { ...noted, result: { kind: 'done' } })).toEqual({ stale: true, next: '' })
  expect((await outbox.attempt(CHAT, 'next')).kind).toBe('empty')
})

test('the call of a delivery is erased with it, also one that was put after the keys were looked for', async () => {
  const { redis, keys, outbox } = openChat()
  await outbox.post(CHAT, delivery('c9'))
  await redis.hset(keys.ofChat(CHAT, 'call:c9'), 'w', 'somebody')
  const shard = ['outdirty', 'dirty', 'turns'].map((name) => keys.ofShard(0, name))
  const none = [`${BOT}:12`, keys.ofShard(0, 'call:'), '', 0, 0, 0, 0]
  const keyList = [
    keys.ofChat(CHAT, 'out'),
    keys.ofChat(CHAT, 'outm'),
    ...shard,
    keys.ofLane(laneOf('12'), 'turn'),
  ]
  await scripts.erase(redis, keyList, none)
  expect(await redis.exists(keys.ofChat(CHAT, 'call:c9'), keys.ofChat(CHAT, 'out'))).toBe(0)
})

test('what is written in the same step stands in every lane afterwards', async () => {
  const { redis, keys, inbox, append, erase } = openChat()
  for (const place of ['', 't5']) {
    await append(laneOf('12', place), { id: `a${place}` })
    await redis.hset(keys.ofLane(laneOf('12', place), 'chat'), 'generation', 4, 'messages', 'x')
  }
  await erase((lane) => [
    { command: 'hincrby', key: keys.ofLane(lane, 'chat'), args: ['generation', 1] },
    { command: 'hdel', key: keys.ofLane(lane, 'chat'), args: ['messages', 'state'] },
  ])
  for (const place of ['', 't5'])
    expect(await redis.hgetall(keys.ofLane(laneOf('12', place), 'chat'))).toEqual({ generation: '5' })
  expect((await inbox.commit(laneOf('12'), 'x', NOTHING)).more).toBe(false)
})

test('a chat of more keys than one step takes is erased whole', async () => {
  const { redis, keys, erase, left } = openChat()
  const sessions = Array.from({ length: 2500 }, (_, user) => keys.ofChat(CHAT, `sess:${user}`))
  await redis.mset(sessions.flatMap((key) => [key, 'x']))
  await redis.set(keys.ofChat({ ...CHAT, homeId: '123' }, 'sess:1'), 'x')
  await erase()
  expect(await left()).toEqual(['sess:1:1:123'])
})

test('of a chat that is not known nothing is erased, and nothing is left by it', async () => {
  const { erase, left } = openChat()
  expect(await erase(() => expect.fail('there is no lane'))).toEqual({
    updates: 0,
    deliveries: 0,
    outClass: '',
  })
  expect(await left()).toEqual([])
})

test('what its index names is erased without a walk through Redis, and the chat is told in the same step', async () => {
  const { redis, keys, inbox, outbox, append, erase, left, members, log } = openChat()
  const letters = createDeadLetters({ redis, keys, log })
  onTestFinished(() => letters.close())
  for (const homeId of ['12', '123']) {
    const chat = { botId: BOT, homeId }
    await append(laneOf(homeId), { id: `a${homeId}` })
    await append(laneOf(homeId, 't5'), { id: `b${homeId}` })
    await inbox.take(laneOf(homeId, 't5'), `turn${homeId}`)
    await noteInJournal(
      { redis, keys },
      { lane: laneOf(homeId, 't5'), turnId: `turn${homeId}`, field: 'c1', value: `${BOT}:${homeId}` },
    )
    await redis.hset(keys.ofLane(laneOf(homeId, 't5'), 'chat'), 'messages', 'x')
    for (const name of [`sess:${homeId}`, 'sess:5', 'call:c1']) await redis.set(keys.ofChat(chat, name), 'x')
    await noteInIndex({ redis, keys }, chat, 'sess:5')
    await letters.park({ kind: 'update', ...chat, place: 't5', id: '42', reason: 'why' }, 'its text')
    await outbox.post(chat, delivery('d'))
  }
  expect(await createChatLetters({ redis, keys, deadLetters: letters }).discard(CHAT, 'index')).toBe(1)
  const told = [{ ...delivery('told'), class: 0 as const }]
  expect(await erase(() => [], 'index', told)).toEqual({ updates: 2, deliveries: 1, outClass: '0' })
  const rest = (await left()).filter((key) => !key.includes(':1:123'))
  expect(rest).toEqual(['inbox:de:1:12:', 'inbox:de:1:12:t5', 'out:1:12', 'outm:1:12', 'seen:1:12'].sort())
  expect((await members()).filter((member) => !member.includes('123'))).toEqual(['1:12'])
  expect(await outbox.attempt(CHAT, 'token')).toMatchObject({ kind: 'send', delivery: { id: 'told' } })
  expect((await left()).filter((key) => key.includes(':1:123')).length).toBeGreaterThanOrEqual(10)
})

test('a turn that was replaced erases nothing, nor one whose answer is lost and which asks again', async () => {
  const { redis, keys, inbox, append } = openChat()
  const lane = laneOf('12')
  const erase = (turnId: string) =>
    eraseChat({ redis, keys, chat: CHAT, writes: () => [], lookIn: 'index', turn: { lane, turnId } })
  await append(lane, { id: 'a' })
  await inbox.take(lane, 'old')
  await inbox.take(lane, 'new')
  expect(await erase('old')).toBe('stale')
  expect(await redis.llen(keys.ofLane(lane, 'in'))).toBe(1)
  expect(await erase('new')).toMatchObject({ updates: 1 })
  await append(lane, { id: 'b' })
  expect(await erase('new')).toBe('stale')
  expect(await redis.llen(keys.ofLane(lane, 'in'))).toBe(1)
})
