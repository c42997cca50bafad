import { openTestRedis, until } from '@chatlane/test-kit'
import { expect, test } from 'vitest'
import { createKeys } from '../src/names.ts'
import { type AttemptResult, createOutbox } from '../src/outbox.ts'
import type { DeliveryClass } from '../src/turn-end.ts'

const CHAT = { botId: '1', homeId: '7' }

function openOutbox(attemptMs = 60_000) {
  const { redis, prefix } = openTestRedis()
  const keys = createKeys({ prefix, shards: 1 })
  const outbox = createOutbox({ redis, keys, attemptMs })
  const post = (id: string, more: { place?: string; class?: DeliveryClass } = {}) =>
    outbox.post(CHAT, { id, place: '', class: 1, payload: `p${id}`, ...more })
  const attempt = async (token: string) => {
    const answer = await outbox.attempt(CHAT, token)
    if (answer.kind !== 'send') throw new Error(`nothing to send but ${answer.kind}`)
    return answer
  }
  /** An attempt whose request has left. */
  const handedOver = async (token: string) => {
    const answer = await attempt(token)
    expect(await outbox.handOver(CHAT, token, { repeatable: false })).toBe(true)
    return answer
  }
  const settle = async (token: string, result: AttemptResult = { kind: 'done' }) => {
    const { delivery } = await attempt(token)
    return { id: delivery.id, ...(await outbox.note(CHAT, { token, delivery, result })) }
  }
  /** Settles what is there; answers the ids in the order in which they left. */
  const drain = async () => {
    const ids: string[] = []
    for (let next = 'some'; next !== ''; ) {
      const settled = await settle(`drain${ids.length}`)
      ids.push(settled.id)
      next = settled.next
    }
    return ids
  }
  /** What the next attempt comes to once the one that stands can no longer change. */
  const attemptAfter = (token: string) =>
    until(async () => {
      const answer = await outbox.attempt(CHAT, token)
      if (answer.kind === 'send') await outbox.handOver(CHAT, token, { repeatable: false })
      return answer.kind === 'held' ? undefined : answer
    })
  const repeats = async () =>
    Number((await redis.hget(keys.ofShard(0, 'tally'), 'chatlane_deliveries_repeated_total{bot="1"}')) ?? 0)
  return { redis, keys, outbox, post, attempt, handedOver, settle, drain, attemptAfter, repeats }
}

test('deliveries of one place leave in the order in which they came', async () => {
  const { post, drain } = openOutbox()
  for (const id of ['3', '1', '2']) await post(id)
  expect(await drain()).toEqual(['3', '1', '2'])
})

test('places of a chat take turns', async () => {
  const { post, drain } = openOutbox()
  for (const id of ['a1', 'a2', 'a3']) await post(id, { place: 'a' })
  for (const id of ['b1', 'b2']) await post(id, { place: 'b' })
  expect(await drain()).toEqual(['a1', 'b1', 'a2', 'b2', 'a3'])
})

test('a place that comes late waits for its turn, not for the whole backlog of another', async () => {
  const { post, settle, drain } = openOutbox()
  for (const id of ['a1', 'a2', 'a3', 'a4']) await post(id, { place: 'a' })
  await settle('t1')
  await settle('t2')
  await post('b1', { place: 'b' })
  expect(await drain()).toEqual(['b1', 'a3', 'a4'])
})

test('a reply goes before broadcasts that wait', async () => {
  const { post, outbox, drain } = openOutbox()
  expect(await post('x1', { class: 3 })).toBe('3')
  await post('x2', { class: 3 })
  expect(await post('r')).toBe('1')
  expect(await outbox.heads([CHAT, { botId: '1', homeId: '8' }])).toEqual(['1', ''])
  expect(await drain()).toEqual(['r', 'x1', 'x2'])
})

test('a chat whose deliveries are settled leaves nothing behind', async () => {
  const { redis, keys, post, drain, outbox } = openOutbox()
  await post('1')
  await drain()
  expect(await redis.exists(keys.ofChat(CHAT, 'out'), keys.ofChat(CHAT, 'outm'))).toBe(0)
  expect(await redis.zcard(keys.ofShard(0, 'outdirty'))).toBe(0)
  expect(await outbox.attempt(CHAT, 't')).toEqual({ kind: 'empty' })
})

test('a post that is sent again is one delivery', async () => {
  const { redis, post, drain } = openOutbox()
  const clock = async () => (await redis.time()).join()
  await post('1')
  const first = await clock()
  await until(async () => (await clock()).slice(0, -3) !== first.slice(0, -3))
  await post('1')
  expect(await drain()).toEqual(['1'])
})

test('one attempt of a chat at a time', async () => {
  const { post, attempt, outbox } = openOutbox(5000)
  await post('1')
  await post('2')
  await attempt('a')
  const held = await outbox.attempt(CHAT, 'b')
  expect(held).toMatchObject({ kind: 'held' })
  expect(held.kind === 'held' && held.ms > 0 && held.ms <= 5000).toBe(true)
})

test('an attempt that is sent again is told the same, and counts once', async () => {
  const { post, attempt, settle } = openOutbox()
  await post('1')
  await settle('a', { kind: 'again' })
  const first = await attempt('b')
  expect(first).toMatchObject({ tries: 1, repeats: 0 })
  expect(await attempt('b')).toEqual(first)
})

test('an unknown outcome is repeated only after it can no longer change, three times, each counted, then spent', async () => {
  const { post, settle, outbox, attemptAfter, repeats } = openOutbox(30)
  await post('1')
  const startedAt = performance.now()
  await settle('t0', { kind: 'unknown' })
  expect((await outbox.attempt(CHAT, 't1')).kind).toBe('held')
  for (const nth of [1, 2, 3]) {
    const answer = await attemptAfter(`t${nth}`)
    expect(answer).toMatchObject({ kind: 'send', repeats: nth, delivery: { id: '1', payload: 'p1' } })
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(30 * nth - 1)
    expect(await repeats()).toBe(nth)
  }
  expect(await attemptAfter('t4')).toMatchObject({ kind: 'spent', delivery: { id: '1' } })
  expect(await repeats()).toBe(3)
})

test('an attempt that was never handed over is taken up again and counts nothing', async () => {
  const { post, attempt, attemptAfter, outbox, repeats } = openOutbox(20)
  await post('1')
  await attempt('died')
  expect(await attemptAfter('successor')).toMatchObject({ kind: 'send', repeats: 0, delivery: { id: '1' } })
  expect(await repeats()).toBe(0)
  expect(await outbox.handOver(CHAT, 'died', { repeatable: false })).toBe(false)
})

test('what is spent stays spent, also for an attempt that is sent again', async () => {
  const { post, handedOver, attemptAfter, outbox, repeats } = openOutbox(20)
  await post('1')
  await handedOver('t0')
  for (const token of ['t1', 't2', 't3', 't4']) await attemptAfter(token)
  expect((await outbox.attempt(CHAT, 't4')).kind).toBe('spent')
  expect(await repeats()).toBe(3)
})

test('a broadcast of unknown outcome is never repeated', async () => {
  const { post, handedOver, attemptAfter, repeats } = openOutbox(20)
  await post('x', { class: 3 })
  await handedOver('a')
  expect((await attemptAfter('b')).kind).toBe('spent')
  expect(await repeats()).toBe(0)
})

test('a sender that was replaced settles nothing', async () => {
  const { post, attempt, attemptAfter, outbox } = openOutbox(20)
  await post('1')
  const { delivery } = await attempt('frozen')
  await attemptAfter('successor')
  const result = { kind: 'done' } as const
  expect(await outbox.note(CHAT, { token: 'frozen', delivery, result })).toEqual({ stale: true, next: '1' })
  expect(await outbox.note(CHAT, { token: 'successor', delivery, result })).toEqual({
    stale: false,
    next: '',
  })
})

test('the delivery whose outcome is unknown is the one repeated, whatever came in front of it', async () => {
  const { post, settle, handedOver, attemptAfter, drain } = openOutbox(20)
  for (const id of ['a1', 'a2']) await post(id, { place: 'a' })
  await settle('t0')
  await handedOver('t1')
  await post('b1', { place: 'b' })
  expect(await attemptAfter('t2')).toMatchObject({ kind: 'send', repeats: 1, delivery: { id: 'a2' } })
  expect(await drain().catch(() => 'held')).toBe('held')
})

test('a delivery in another form keeps its place', async () => {
  const { post, settle, attempt, outbox } = openOutbox()
  await post('1')
  await post('2')
  expect(await settle('a', { kind: 'replace', payload: 'plain | text' })).toMatchObject({ next: '1' })
  const { delivery } = await attempt('b')
  expect(delivery).toMatchObject({ id: '1', payload: 'plain | text', place: '', class: 1 })
  await outbox.note(CHAT, { token: 'b', delivery, result: { kind: 'done' } })
  expect((await attempt('c')).delivery.id).toBe('2')
})

test('what came back unsent is counted, for this delivery alone', async () => {
  const { post, settle, attempt } = openOutbox()
  await post('1')
  await post('2')
  for (const token of ['a', 'b']) await settle(token, { kind: 'again' })
  expect(await attempt('c')).toMatchObject({ tries: 2, delivery: { id: '1' } })
  await settle('c')
  expect(await attempt('d')).toMatchObject({ tries: 0, delivery: { id: '2' } })
})

test('a delivery that passes in front does not forget what was counted for another', async () => {
  const { post, settle, attempt } = openOutbox()
  for (const id of ['a1', 'a2']) await post(id, { place: 'a' })
  await settle('t0')
  await settle('t1', { kind: 'again' })
  await post('b1', { place: 'b' })
  expect((await settle('t2')).id).toBe('b1')
  expect(await attempt('t3')).toMatchObject({ tries: 1, delivery: { id: 'a2' } })
})

test('an outcome counts in the series that it names', async () => {
  const { redis, keys, post, settle } = openOutbox()
  await post('1')
  await settle('a', { kind: 'done', countAs: 'sent' })
  expect(await redis.hget(keys.ofShard(0, 'tally'), 'sent')).toBe('1')
})
