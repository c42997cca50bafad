import { until } from '@chatlane/test-kit'
import { expect, test } from 'vitest'
import type { Outgoing, SendOutcome } from '../src/send.ts'
import { BOT, laneOf, openLanes } from './open-lanes.ts'

const LANE = laneOf('7')
const CHAT = { botId: BOT, homeId: '7' }
const STREAM = '100'

/** A lane whose turn is in progress, and the attempts at sending what it publishes. */
async function openStream(options: { attemptMs?: number } = {}) {
  const lanes = openLanes(options)
  const { inbox, outbox } = lanes
  await lanes.append(LANE, { id: STREAM })
  const take = async () => {
    const turnId = `turn${Math.random()}`
    const taken = await inbox.take(LANE, turnId)
    if (taken.kind !== 'turn') throw new Error(`nothing to take but ${taken.kind}`)
    return turnId
  }
  let turnId = await take()
  const publish = (payload: string, by = turnId) =>
    outbox.publish(LANE, { turnId: by, stream: STREAM, payload })
  const attempt = async (token: string) => {
    const answer = await outbox.attempt(CHAT, token)
    if (answer.kind !== 'send') throw new Error(`nothing to send but ${answer.kind}`)
    return answer
  }
  /** Shows the newest state as a sender does. */
  const show = async (token: string, record: string) => {
    const { delivery, view } = await attempt(token)
    const shown = view.state?.number ?? ''
    const noted = await outbox.note(CHAT, { token, delivery, shown, result: { kind: 'done', record } })
    return { view, next: noted.next }
  }
  const commit = (deliveries: { id: string; payload: string }[]) =>
    inbox.commit(LANE, turnId, {
      stream: STREAM,
      deliveries: deliveries.map((each) => ({ ...each, class: 1, place: '', stream: STREAM })),
      writes: [],
    })
  return {
    ...lanes,
    publish,
    attempt,
    show,
    commit,
    async takeAnew() {
      turnId = await take()
    },
  }
}

test('the newest state is shown, whatever was published before it', async () => {
  const { publish, show } = await openStream()
  expect(await publish('a')).toEqual({ kind: 'opened', outClass: '2' })
  expect(await publish('ab')).toEqual({ kind: 'waiting' })
  expect(await publish('abc')).toEqual({ kind: 'waiting' })
  const { view, next } = await show('t', 'r1')
  expect(view).toMatchObject({ state: { payload: 'abc' }, record: '', isOff: false })
  expect(next).toBe('')
  expect(await publish('abcd')).toEqual({ kind: 'opened', outClass: '2' })
  expect((await show('u', 'r2')).view).toMatchObject({ state: { payload: 'abcd' }, record: 'r1' })
})

test('a state that is published while an older one is on its way is shown after it', async () => {
  const { publish, attempt, outbox, show } = await openStream()
  await publish('a')
  const { delivery, view } = await attempt('t')
  expect(await publish('ab')).toEqual({ kind: 'waiting' })
  const shown = view.state?.number ?? ''
  const noted = await outbox.note(CHAT, { token: 't', delivery, shown, result: { kind: 'done' } })
  expect(noted.next).toBe('2')
  expect((await show('u', '')).view.state?.payload).toBe('ab')
})

test('a state that needs more than one call comes again', async () => {
  const { publish, attempt, outbox } = await openStream()
  await publish('a')
  const { delivery } = await attempt('t')
  const noted = await outbox.note(CHAT, { token: 't', delivery, result: { kind: 'done', record: 'half' } })
  expect(noted.next).toBe('2')
  expect((await attempt('u')).view).toMatchObject({ state: { payload: 'a' }, record: 'half' })
})

test('a worker whose turn was taken over publishes nothing', async () => {
  const { publish, inbox, takeAnew, show } = await openStream()
  await publish('a', 'stranger').then((answer) => expect(answer).toEqual({ kind: 'stale' }))
  await publish('from the first')
  await inbox.handBack(LANE, 'stranger', { pauseMs: 0, counts: false })
  await takeAnew()
  expect(await publish('from the second')).toEqual({ kind: 'waiting' })
  expect((await show('t', '')).view.state?.payload).toBe('from the second')
})

test('a preview that waits is dropped by the commit, and the reply is told what is shown', async () => {
  const { publish, show, commit, attempt } = await openStream()
  await publish('a')
  await show('t', 'message 5')
  await publish('ab')
  expect(await commit([{ id: 'final', payload: 'abc' }])).toMatchObject({ kind: 'committed', outClass: '1' })
  const { delivery, view } = await attempt('u')
  expect(delivery).toMatchObject({ id: 'final', payload: 'abc', stream: STREAM })
  expect(view).toEqual({ state: undefined, record: 'message 5', isOff: false, isLost: false })
})

test('a preview that is on its way when the turn ends goes before the reply, and nothing of it stays', async () => {
  const { publish, commit, attempt, outbox, redis, keys } = await openStream()
  await publish('a')
  const preview = await attempt('t')
  await commit([{ id: 'final', payload: 'abc' }])
  expect(await outbox.attempt(CHAT, 'u')).toMatchObject({ kind: 'held' })
  const shown = preview.view.state?.number ?? ''
  const result = { kind: 'done', record: 'message 5' } as const
  const noted = await outbox.note(CHAT, { token: 't', delivery: preview.delivery, shown, result })
  expect(noted.next).toBe('1')
  const final = await attempt('u')
  expect(final).toMatchObject({ delivery: { id: 'final' }, view: { record: 'message 5' } })
  const last = { kind: 'done', record: '' } as const
  expect(await outbox.note(CHAT, { token: 'u', delivery: final.delivery, result: last })).toMatchObject({
    next: '',
  })
  expect(await redis.exists(keys.ofChat(LANE, 'out'), keys.ofChat(LANE, 'outm'))).toBe(0)
  expect(await redis.exists(keys.ofChat(LANE, 'outv'))).toBe(0)
})

test('a preview that may have been posted is not posted again, which counts as the repeat of the reply', async () => {
  const { publish, attempt, outbox, redis, keys } = await openStream({ attemptMs: 20 })
  await publish('a')
  await attempt('died')
  await outbox.handOver(CHAT, 'died', { repeatable: false })
  const next = await until(async () => {
    const answer = await outbox.attempt(CHAT, 'successor')
    return answer.kind === 'send' ? answer : undefined
  })
  expect(next.view).toMatchObject({ isOff: true, isLost: true })
  expect(await redis.hget(keys.ofShard(0, 'tally'), 'chatlane_deliveries_repeated_total{bot="1"}')).toBe('1')
  await outbox.note(CHAT, {
    token: 'successor',
    delivery: next.delivery,
    result: { kind: 'done', off: true },
  })
  expect(await publish('ab')).toEqual({ kind: 'off' })
})

test('an edit that may have been made is made again and counts as nothing', async () => {
  const { publish, attempt, outbox, redis, keys } = await openStream({ attemptMs: 20 })
  await publish('a')
  await attempt('died')
  await outbox.handOver(CHAT, 'died', { repeatable: true })
  const next = await until(async () => {
    const answer = await outbox.attempt(CHAT, 'successor')
    return answer.kind === 'send' ? answer : undefined
  })
  expect(next.view).toMatchObject({ isOff: false, state: { payload: 'a' } })
  expect(await redis.hgetall(keys.ofShard(0, 'tally'))).not.toHaveProperty(
    'chatlane_deliveries_repeated_total{bot="1"}',
  )
})

test('a reply goes before the previews of its chat, and broadcasts after them', async () => {
  const { publish, post, outbox } = await openStream()
  await publish('a')
  await post('7', { id: 'broadcast', class: 3 })
  await post('7', { id: 'reply', class: 1, place: 't5' })
  const order: string[] = []
  for (let next = 'some'; next !== ''; ) {
    const token = `t${order.length}`
    const answer = await outbox.attempt(CHAT, token)
    if (answer.kind !== 'send') throw new Error(answer.kind)
    order.push(answer.delivery.id)
    const shown = answer.view.state?.number ?? ''
    next = (await outbox.note(CHAT, { token, delivery: answer.delivery, shown, result: { kind: 'done' } }))
      .next
  }
  expect(order).toEqual(['reply', `v${STREAM}`, 'broadcast'])
})

test('the pump shows what is published and then the reply', async () => {
  const lanes = await openStream()
  const calls: string[] = []
  const send = async ({ delivery, view }: Outgoing): Promise<SendOutcome> => {
    calls.push(delivery.class === 2 ? `preview ${view.state?.payload}` : `reply after ${view.record}`)
    return { kind: 'settled', record: delivery.class === 2 ? `shown ${calls.length}` : '' }
  }
  await lanes.startPumps({ send })
  for (const text of ['a', 'b']) {
    const published = await lanes.publish(text)
    if (published.kind === 'opened') await lanes.readyOutbox(LANE, published.outClass)
    await until(() => calls.includes(`preview ${text}`))
  }
  const { outClass } = await lanes.commit([{ id: 'final', payload: '' }])
  await lanes.readyOutbox(LANE, outClass)
  await until(() => calls.length === 3)
  expect(calls).toEqual(['preview a', 'preview b', 'reply after shown 2'])
})

test('what is noted of a stream goes away by itself also where nothing was published', async () => {
  const { commit, attempt, outbox, redis, keys } = await openStream()
  await commit([{ id: 'first of two', payload: '' }])
  const { delivery } = await attempt('t')
  await outbox.note(CHAT, { token: 't', delivery, result: { kind: 'done', record: 'message 5' } })
  expect(await redis.ttl(keys.ofChat(LANE, 'outv'))).toBeGreaterThan(0)
})

test('a place remembers what its newest reply shows, and forgets the one before', async () => {
  const { outbox } = openLanes()
  const reply = async (stream: string, place: string, record: string) => {
    await outbox.post(CHAT, { id: `${stream}.0`, class: 1, place, payload: 'x', stream })
    const answer = await outbox.attempt(CHAT, `token${stream}`)
    if (answer.kind !== 'send') throw new Error(`nothing to send but ${answer.kind}`)
    const { delivery } = answer
    await outbox.note(CHAT, {
      token: `token${stream}`,
      delivery,
      result: { kind: 'done', record, off: true, hasEnded: true },
    })
  }
  const records = async (...streams: string[]) =>
    Promise.all(streams.map(async (stream) => (await outbox.view(CHAT, stream)).record))
  await reply('100', '', 'message 5')
  await reply('101', 't4', 'message 6')
  expect(await records('100', '101')).toEqual(['message 5', 'message 6'])
  await reply('102', '', 'message 7')
  expect(await records('100', '101', '102')).toEqual(['', 'message 6', 'message 7'])
  await reply('102', '', 'message 7 anew')
  expect(await records('102')).toEqual(['message 7 anew'])
})
