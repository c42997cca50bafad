import { armFailPoints } from '@chatlane/runtime'
import { latch, until } from '@chatlane/test-kit'
import { expect, test } from 'vitest'
import { runPump } from '../src/pump.ts'
import type { Outgoing, SendOutcome } from '../src/send.ts'
import { BOT, openLanes } from './open-lanes.ts'

const SETTLED: SendOutcome = { kind: 'settled' }

/** A record of calls, for a sender that answers each as `outcome` says. */
function record(
  outcome: (outgoing: Outgoing, nth: number) => SendOutcome | Promise<SendOutcome> = () => SETTLED,
) {
  const calls: { chat: string; id: string; atMs: number }[] = []
  const send = async (outgoing: Outgoing) => {
    const nth = calls.push({ chat: outgoing.homeId, id: outgoing.delivery.id, atMs: performance.now() })
    return outcome(outgoing, nth)
  }
  const idsOf = (chat: string) => calls.filter((call) => call.chat === chat).map((call) => call.id)
  const made = (count: number) => until(() => calls.length >= count)
  return { calls, send, idsOf, made }
}

/** Nothing is in any outbox, and no chat is ready, held back or in flight. */
function isDone(lanes: ReturnType<typeof openLanes>) {
  return until(
    async () =>
      (await lanes.redis.zcard(lanes.keys.ofShard(0, 'outdirty'))) === 0 &&
      (await lanes.redis.hlen(`${lanes.keys.bot(BOT)}:where`)) === 0,
  )
}

test('everything leaves, the deliveries of each chat in order', async () => {
  const lanes = openLanes()
  const { send, idsOf, calls } = record()
  await lanes.startPumps({ send })
  const chats = ['1', '2', '3', '-4', '5']
  for (const id of ['a', 'b', 'c']) await Promise.all(chats.map((chat) => lanes.post(chat, { id })))
  await isDone(lanes)
  expect(calls).toHaveLength(15)
  for (const chat of chats) expect(idsOf(chat)).toEqual(['a', 'b', 'c'])
})

test('calls of different chats are under way together, those of one chat never', async () => {
  const lanes = openLanes()
  const together = latch()
  let underWay = 0
  const { send, calls } = record(async () => {
    if (++underWay === 3) together.open()
    await together.opened
    return SETTLED
  })
  for (const chat of ['1', '2', '3']) for (const id of ['a', 'b']) await lanes.post(chat, { id })
  await lanes.startPumps({ send })
  await together.opened
  expect(calls.map((call) => call.id)).toEqual(['a', 'a', 'a'])
  await isDone(lanes)
})

test('a flood pauses exactly its chat for exactly its time', async () => {
  const lanes = openLanes()
  const { send, idsOf, calls } = record((outgoing, nth) =>
    outgoing.homeId === '1' && nth === 1 ? { kind: 'flood', afterMs: 400 } : SETTLED,
  )
  await lanes.post('1', { id: 'a' })
  await lanes.startPumps({ send })
  await until(() => calls.length === 1)
  for (const id of ['a', 'b']) await lanes.post('2', { id })
  await isDone(lanes)
  expect(calls.map((call) => call.chat)).toEqual(['1', '2', '2', '1'])
  expect(idsOf('1')).toEqual(['a', 'a'])
  expect((calls[3]?.atMs ?? 0) - (calls[0]?.atMs ?? 0)).toBeGreaterThanOrEqual(399)
})

test('a delivery that was not accepted is tried again, one that needs another form goes out in it', async () => {
  const lanes = openLanes()
  const tries: [string, number][] = []
  const { send } = record(({ delivery, tries: before }, nth) => {
    tries.push([delivery.payload, before])
    if (nth === 1) return { kind: 'again', afterMs: 10 }
    return delivery.payload === 'plain' ? SETTLED : { kind: 'replace', payload: 'plain' }
  })
  await lanes.startPumps({ send })
  await lanes.post('1', { id: 'a' })
  await isDone(lanes)
  expect(tries).toEqual([
    ['pa', 0],
    ['pa', 1],
    ['plain', 0],
  ])
})

test('a call whose outcome is unknown is made again once it can no longer change', async () => {
  const lanes = openLanes({ attemptMs: 150 })
  const { send, calls, idsOf } = record((_outgoing, nth) => {
    if (nth === 1) throw new Error('the connection broke')
    return SETTLED
  })
  await lanes.startPumps({ send })
  await lanes.post('1', { id: 'a' })
  await lanes.post('1', { id: 'b' })
  await isDone(lanes)
  expect(idsOf('1')).toEqual(['a', 'a', 'b'])
  expect((calls[1]?.atMs ?? 0) - (calls[0]?.atMs ?? 0)).toBeGreaterThanOrEqual(149)
})

test('an outcome that stays unknown is parked once, and the chat goes on', async () => {
  const lanes = openLanes({ attemptMs: 30 })
  const { send, idsOf } = record(({ delivery }) => (delivery.id === 'a' ? { kind: 'unknown' } : SETTLED))
  const parked: string[] = []
  let refusals = 1
  await lanes.startPumps({
    send,
    async park({ delivery }, reason) {
      if (refusals-- > 0) throw new Error('no room for a dead letter now')
      parked.push(`${delivery.id}: ${reason}`)
    },
  })
  await lanes.post('1', { id: 'a' })
  await lanes.post('1', { id: 'b' })
  await isDone(lanes)
  expect(idsOf('1')).toEqual(['a', 'a', 'a', 'a', 'b'])
  expect(parked).toEqual(['a: its outcome stayed unknown'])
})

test('an outcome that Redis would not note at once is noted later, not made again', async () => {
  const lanes = openLanes()
  let refusals = 1
  const outbox: typeof lanes.outbox = {
    ...lanes.outbox,
    note: async (...args) => {
      if (refusals-- > 0) throw new Error('READONLY')
      return lanes.outbox.note(...args)
    },
  }
  const { send, idsOf } = record()
  await lanes.startPumps({ send, outbox })
  await lanes.post('1', { id: 'a' })
  await isDone(lanes)
  expect(idsOf('1')).toEqual(['a'])
})

test('a delivery that nobody can read holds up its own chat and no other', async () => {
  const lanes = openLanes()
  const { send, made, idsOf } = record()
  await lanes.redis.zadd(lanes.keys.ofChat({ botId: BOT, homeId: '1' }, 'out'), 1, 'unreadable|1')
  await lanes.startPumps({ send })
  await lanes.readyOutbox({ homeId: '1' }, '1')
  for (const id of ['a', 'b']) await lanes.post('2', { id })
  await made(2)
  expect(idsOf('2')).toEqual(['a', 'b'])
})

test('what a sender that vanished had begun is taken over', async () => {
  const lanes = openLanes({ attemptMs: 300 })
  await lanes.budget.lease('ghost', 300)
  for (const id of ['a', 'b']) await lanes.post('1', { id })
  const grant = await until(async () => {
    const answer = await lanes.budget.grant('ghost', { most: 1, prefix: 'ghost.1.' })
    return answer.kind === 'granted' ? answer.grants[0] : undefined
  })
  await lanes.outbox.attempt({ botId: BOT, homeId: '1' }, grant.id)
  const { send, idsOf } = record()
  await lanes.startPumps({ send })
  lanes.startSweepers()
  await isDone(lanes)
  expect(idsOf('1')).toEqual(['a', 'b'])
})

test('a pump without work ends, and the next delivery wakes it', async () => {
  const lanes = openLanes()
  const { send, calls } = record()
  await lanes.startPumps({ send })
  await lanes.post('1', { id: 'a' })
  await until(async () => calls.length === 1 && !(await lanes.redis.exists(`${lanes.keys.bot(BOT)}:pump`)))
  await lanes.post('1', { id: 'b' })
  await isDone(lanes)
  expect(calls.map((call) => call.id)).toEqual(['a', 'b'])
})

test('a sender that stops lets its calls end and leaves the bot to another', async () => {
  const lanes = openLanes()
  const began = latch()
  const mayEnd = latch()
  const first = record(async () => {
    began.open()
    await mayEnd.opened
    return SETTLED
  })
  const host = await lanes.startPumps({ send: first.send })
  for (const id of ['a', 'b', 'c']) await lanes.post('1', { id })
  await began.opened
  const second = record()
  await lanes.startPumps({ send: second.send })
  const stopped = host.stop()
  mayEnd.open()
  await stopped
  await isDone(lanes)
  expect([...first.idsOf('1'), ...second.idsOf('1')]).toEqual(['a', 'b', 'c'])
  expect(first.calls).toHaveLength(1)
})

test('chats that are in flight for nobody are ready again before long', async () => {
  const lanes = openLanes()
  let lost = 1
  const budget: typeof lanes.budget = {
    ...lanes.budget,
    grant: async (...args) => {
      const answer = await lanes.budget.grant(...args)
      return answer.kind === 'granted' && answer.grants.length > 0 && lost-- > 0
        ? { ...answer, grants: [] }
        : answer
    },
  }
  const { send, made } = record()
  await lanes.startPumps({ send, budgets: new Map([[BOT, budget]]) })
  await lanes.post('1', { id: 'a' })
  await made(1)
})

test('a pump that could not begin holds the bot no longer', async () => {
  const lanes = openLanes()
  const pump = runPump(
    {
      ...lanes,
      botId: BOT,
      send: async () => SETTLED,
      park: async () => undefined,
      listen: async () => {
        throw new Error('no connection')
      },
    },
    new AbortController().signal,
  )
  await expect(pump).rejects.toThrow('no connection')
  expect(await lanes.budget.lease('next', 1000)).toBe('taken')
})

test('a pump hears of ready chats also after its predecessor in the same process ended', async () => {
  const lanes = openLanes()
  const began = latch()
  const mayEnd = latch()
  const { send, made } = record(async ({ homeId }) => {
    if (homeId === '2') return { kind: 'again', afterMs: 60_000 }
    began.open()
    await mayEnd.opened
    return SETTLED
  })
  await lanes.startPumps({ send })
  await lanes.post('1', { id: 'a' })
  await began.opened
  await lanes.redis.del(`${lanes.keys.bot(BOT)}:pump`)
  await lanes.wakes.wakePump(BOT, { force: true })
  await lanes.post('2', { id: 'b' })
  await made(2)
  mayEnd.open()
  await until(async () => (await lanes.wakes.outbox.getCompleted()).some((job) => job.returnvalue === 'lost'))
  expect(await lanes.redis.pubsub('NUMSUB', lanes.budget.channel)).toEqual([lanes.budget.channel, 1])
})

test('a bot of another sender is left alone', async () => {
  const lanes = openLanes()
  const { send, made } = record()
  await lanes.wakes.wakePump('999')
  await lanes.startPumps({ send })
  await lanes.post('1', { id: 'a' })
  await made(1)
})

test('a sender that freezes while it hands a request over does not send it', async () => {
  const lanes = openLanes()
  const handed: boolean[] = []
  const { send } = record(({ handOver }) => {
    handed.push(handOver({ repeatable: false }))
    return handed.at(-1) ? SETTLED : { kind: 'again', afterMs: 0 }
  })
  const frozen = new Int32Array(new SharedArrayBuffer(4))
  let freezes = 1
  armFailPoints((step, side) => {
    if (step === 'hand-over' && side === 'before' && freezes-- > 0) Atomics.wait(frozen, 0, 0, 1100)
  })
  await lanes.post('1', { id: 'a' })
  await lanes.startPumps({ send })
  await isDone(lanes)
  armFailPoints(() => undefined)
  expect(handed).toEqual([false, true])
})
