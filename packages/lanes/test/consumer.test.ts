import { latch, until } from '@chatlane/test-kit'
import { expect, test } from 'vitest'
import { unseal } from '../src/format.ts'
import type { TurnEnd } from '../src/turn-end.ts'
import type { Turn } from '../src/visit-lane.ts'
import { laneOf, NOTHING, openLanes } from './open-lanes.ts'

/** A record of turns, for a consumer that answers each as `end` says. */
function record(end: (turn: Turn, nth: number) => TurnEnd | Promise<TurnEnd> = () => NOTHING) {
  const turns: Turn[] = []
  const answer = async (turn: Turn) => end(turn, turns.push(turn))
  const idsOf = (homeId: number) =>
    turns
      .filter((turn) => turn.lane.homeId === String(homeId))
      .flatMap((turn) => turn.items.map((item) => item.id))
  const answered = (count: number) => until(() => turns.length >= count)
  return { turns, answer, idsOf, answered }
}

/** Every lane is empty and no turn is in progress. */
function isDone(lanes: ReturnType<typeof openLanes>) {
  return until(
    async () => (await lanes.redis.zcard(lanes.keys.ofShard(0, 'dirty'))) === 0 && (await isQuiet(lanes)),
  )
}
async function isQuiet({ redis, keys }: ReturnType<typeof openLanes>) {
  return (await redis.zcard(keys.ofShard(0, 'turns'))) === 0
}

test('each lane is answered one turn at a time and in order, many lanes together, by two workers', async () => {
  const lanes = openLanes()
  const homes = Array.from({ length: 10 }, (_, n) => n + 1)
  const all = latch()
  const inProgress = new Set<string>()
  const { answer, idsOf } = record(async ({ lane }, nth) => {
    expect(inProgress.has(lane.homeId)).toBe(false)
    inProgress.add(lane.homeId)
    if (nth === 10) all.open()
    await all.opened
    inProgress.delete(lane.homeId)
    return NOTHING
  })
  for (const id of ['a', 'b', 'c']) for (const home of homes) await lanes.append(laneOf(home), { id })
  for (let worker = 0; worker < 2; worker++) lanes.startConsumer({ answer, concurrency: 5 })
  await isDone(lanes)
  for (const home of homes) expect(idsOf(home)).toEqual(['a', 'b', 'c'])
})

test('a lane with more than a slice of turns goes behind the others', async () => {
  const lanes = openLanes()
  for (let id = 1; id <= 20; id++) await lanes.append(laneOf(1), { id: String(id) })
  for (const home of [2, 3]) await lanes.append(laneOf(home), { id: '1' })
  const { turns, answer } = record()
  lanes.startConsumer({ answer, concurrency: 1 })
  await isDone(lanes)
  const order = turns.map((turn) => turn.lane.homeId).join('')
  expect(order).toBe(`${'1'.repeat(16)}23${'1'.repeat(4)}`)
})

test('a turn that fails is tried again after a pause that doubles, then given up, and the lane goes on', async () => {
  const lanes = openLanes({ rules: { quietMs: 0, maxTries: 2 } })
  const at: number[] = []
  const { answer, turns } = record(({ items }) => {
    at.push(performance.now())
    if (items[0]?.id === 'bad') throw new Error('no answer')
    return NOTHING
  })
  const givenUp = record(() => ({
    deliveries: [{ id: 'sorry', class: 0, place: '', payload: '' }],
    writes: [],
  }))
  lanes.startConsumer({ answer, giveUp: givenUp.answer, firstPauseMs: 40 })
  await lanes.append(laneOf(1), { id: 'bad' })
  await lanes.append(laneOf(1), { id: 'good' })
  await isDone(lanes)
  expect(turns.map((turn) => [turn.items[0]?.id, turn.tries])).toEqual([
    ['bad', 1],
    ['bad', 2],
    ['good', 1],
  ])
  expect(givenUp.turns.map((turn) => [turn.items[0]?.id, turn.tries])).toEqual([['bad', 3]])
  const [first = 0, second = 0, third = 0] = at
  expect(second - first).toBeGreaterThanOrEqual(39)
  expect(third - second).toBeGreaterThanOrEqual(79)
  expect(await lanes.outbox.heads([laneOf(1)])).toEqual(['0'])
})

test('why the last try failed is known where a turn is given up, by the name of the error alone', async () => {
  const lanes = openLanes({ rules: { quietMs: 0, maxTries: 1 } })
  const errors: (string | undefined)[] = []
  const failure = Object.assign(new TypeError('what somebody wrote'), { code: 'ODD-ONE' })
  lanes.startConsumer({
    firstPauseMs: 1,
    async answer({ items }) {
      if (items[0]?.id === 'bad') throw failure
      errors.push(await lanes.inbox.lastError(laneOf(1)))
      return NOTHING
    },
    async giveUp({ lane }) {
      errors.push(await lanes.inbox.lastError(lane))
      return NOTHING
    },
  })
  await lanes.append(laneOf(1), { id: 'bad' })
  await lanes.append(laneOf(1), { id: 'good' })
  await isDone(lanes)
  // What went wrong with a turn is no news of the one after it.
  expect(errors).toEqual(['TypeError ODDONE', undefined])
})

test('giving up that fails is tried again too', async () => {
  const lanes = openLanes({ rules: { quietMs: 0, maxTries: 1 } })
  const givenUp = record((_turn, nth) => {
    if (nth === 1) throw new Error('no room for a dead letter')
    return NOTHING
  })
  const answer = async () => {
    throw new Error('no answer')
  }
  lanes.startConsumer({ answer, giveUp: givenUp.answer })
  await lanes.append(laneOf(1), { id: 'bad' })
  await isDone(lanes)
  expect(givenUp.turns.map((turn) => turn.tries)).toEqual([2, 3])
})

test('a commit that Redis refuses is a failed try and leaves nothing behind', async () => {
  const lanes = openLanes()
  const { answer, turns } = record((_turn, nth) => ({
    deliveries: [{ id: 'd', class: 1, place: '', payload: String(nth) }],
    writes:
      nth === 1 ? [{ command: 'flushall' as never, key: lanes.keys.ofLane(laneOf(1), 'x'), args: [] }] : [],
  }))
  lanes.startConsumer({ answer })
  await lanes.append(laneOf(1), { id: 'a' })
  await isDone(lanes)
  expect(turns.map((turn) => turn.tries)).toEqual([1, 2])
  const out = await lanes.redis.zrange(lanes.keys.ofChat(laneOf(1), 'out'), '0', '-1')
  expect(out.map((member) => unseal(member.split('|').at(-1) ?? ''))).toEqual(['2'])
})

test('a chat that could not be readied does not hold up its lane', async () => {
  const lanes = openLanes()
  const { answer, idsOf } = record(({ items }) => ({
    deliveries: [{ id: items[0]?.id ?? '', class: 1, place: '', payload: '' }],
    writes: [],
  }))
  const readyOutbox = async () => {
    throw new Error('Redis says no')
  }
  for (const id of ['a', 'b']) await lanes.append(laneOf(1), { id })
  lanes.startConsumer({ answer, readyOutbox })
  await isDone(lanes)
  expect(idsOf(1)).toEqual(['a', 'b'])
})

test('lanes that wait for their quiet window use up nothing: fifty wait, one slot, another lane is answered', async () => {
  const lanes = openLanes({ rules: { quietMs: 60_000, maxTries: 3 } })
  const waiting = Array.from({ length: 50 }, (_, n) => laneOf(n + 1))
  for (const lane of waiting) await lanes.append(lane, { id: 'a', mergeKey: 'u' })
  await lanes.append(laneOf(99), { id: 'command' })
  const { turns, answer, answered } = record()
  lanes.startConsumer({ answer, concurrency: 1 })
  await answered(1)
  expect(turns.map((turn) => turn.lane.homeId)).toEqual(['99'])
  await until(async () => (await lanes.wakes.inbox(0).getActiveCount()) === 50)
  await lanes.append(laneOf(98), { id: 'command' })
  await answered(2)
})

test('turns that only wait use up nothing: thirty rest, one slot, another lane is answered, and they go on at once', async () => {
  const lanes = openLanes()
  const [rested, released] = [latch(), latch()]
  const { answer, answered, idsOf } = record(async (turn, nth) => {
    if (turn.lane.homeId === '99') return NOTHING
    turn.restUntil(rested.opened)
    // A second thing to wait for, and one that fails, do not wake it.
    turn.restUntil(released.opened.then(() => Promise.reject(new Error('refused'))))
    turn.restUntil(Promise.reject(new Error('refused')))
    if (nth === 30) await lanes.append(laneOf(99), { id: 'other' })
    await rested.opened
    await released.opened
    return NOTHING
  })
  for (let home = 1; home <= 30; home++) await lanes.append(laneOf(home), { id: 'a' })
  const consumer = lanes.startConsumer({ answer, concurrency: 3 })
  await answered(31)
  expect(idsOf(99)).toEqual(['other'])
  await until(() => consumer.turnsInProgress() === 30)
  rested.open()
  released.open()
  await isDone(lanes)
})

test('after a rest the slots are as many as before', async () => {
  const lanes = openLanes()
  const [woken, full] = [latch(), latch()]
  let inProgress = 0
  let most = 0
  const { answer, answered } = record(async (turn) => {
    if (turn.lane.homeId === '1') {
      turn.restUntil(woken.opened)
      await woken.opened
      return NOTHING
    }
    most = Math.max(most, ++inProgress)
    if (inProgress === 2) full.open()
    await full.opened
    await new Promise((resolve) => setImmediate(resolve))
    inProgress--
    return NOTHING
  })
  await lanes.append(laneOf(1), { id: 'a' })
  lanes.startConsumer({ answer, concurrency: 2 })
  await answered(1)
  woken.open()
  await isDone(lanes)
  for (let home = 2; home <= 9; home++) await lanes.append(laneOf(home), { id: 'b' })
  await isDone(lanes)
  expect(most).toBe(2)
})

test('no more turns are in progress than there are slots, however many lanes wake from a wait', async () => {
  const lanes = openLanes({ rules: { quietMs: 100, maxTries: 3 } })
  let inProgress = 0
  const { answer, turns } = record(async () => {
    expect(++inProgress).toBeLessThanOrEqual(2)
    await new Promise((resolve) => setImmediate(resolve))
    inProgress--
    return NOTHING
  })
  for (let home = 1; home <= 20; home++) await lanes.append(laneOf(home), { id: 'a', mergeKey: 'u' })
  lanes.startConsumer({ answer, concurrency: 2 })
  await isDone(lanes)
  expect(turns).toHaveLength(20)
})

test('a worker that stops ends its turn and hands back what waits, at once', async () => {
  const lanes = openLanes({ shards: 2 })
  const [busy, other] = [0, 1].map((shard) => {
    const homeId = Array.from({ length: 50 }, (_, n) => n).find(
      (n) => lanes.keys.shardOf(laneOf(n)) === shard,
    )
    return laneOf(homeId ?? 0)
  })
  if (!busy || !other) throw new Error('no lanes')
  const began = latch()
  const mayEnd = latch()
  const first = record(async () => {
    began.open()
    await mayEnd.opened
    return NOTHING
  })
  const consumer = lanes.startConsumer({ answer: first.answer, concurrency: 1, finishMs: 60_000 })
  await lanes.append(busy, { id: 'a' })
  await began.opened
  await lanes.append(other, { id: 'b' })
  await until(async () => (await lanes.wakes.inbox(1).getActiveCount()) === 1)
  const stopped = consumer.stop()
  const second = record()
  lanes.startConsumer({ answer: second.answer })
  await second.answered(1)
  expect(second.turns[0]?.items[0]?.id).toBe('b')
  mayEnd.open()
  await stopped
  expect(await lanes.redis.exists(lanes.keys.ofLane(busy, 'in'))).toBe(0)
})

test('a turn that does not end in time is handed back uncounted to another worker', async () => {
  const lanes = openLanes()
  const first = record(
    ({ signal }) =>
      new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(new Error('stopping'))),
      ),
  )
  const consumer = lanes.startConsumer({ answer: first.answer, finishMs: 20 })
  await lanes.append(laneOf(1), { id: 'a' })
  await first.answered(1)
  const second = record()
  lanes.startConsumer({ answer: second.answer })
  await consumer.stop()
  await isDone(lanes)
  expect(second.turns.map((turn) => [turn.items[0]?.id, turn.tries])).toEqual([['a', 2]])
})

test('a lane whose job an operator removed is woken by the sweeper', async () => {
  const lanes = openLanes()
  await lanes.append(laneOf(1), { id: 'a' })
  for (const job of await lanes.wakes.inbox(0).getWaiting()) await job.remove()
  const { answer, answered } = record()
  lanes.startConsumer({ answer })
  lanes.startSweepers()
  await answered(1)
})

test('a queue that was obliterated under a turn in progress does no harm', async () => {
  const lanes = openLanes()
  const began = latch()
  const mayEnd = latch()
  const { answer, idsOf } = record(async (_turn, nth) => {
    began.open()
    if (nth === 1) await mayEnd.opened
    return NOTHING
  })
  lanes.startConsumer({ answer })
  await lanes.append(laneOf(1), { id: 'a' })
  await began.opened
  await lanes.append(laneOf(2), { id: 'a' })
  await lanes.wakes.inbox(0).obliterate({ force: true })
  lanes.startSweepers()
  await until(() => idsOf(1).length > 1)
  mayEnd.open()
  await lanes.append(laneOf(1), { id: 'b' })
  await isDone(lanes)
  // The sweeper's wake took the turn over: what the first had to say counts no more.
  expect(idsOf(1)).toEqual(['a', 'a', 'b'])
  expect(idsOf(2)).toEqual(['a'])
})

test('a retry in Bull Board that makes two jobs of one lane changes nothing', async () => {
  const lanes = openLanes()
  const began = latch()
  const mayEnd = latch()
  const { answer, idsOf } = record(async ({ turnId, items }, nth) => {
    if (nth === 2) {
      began.open()
      await mayEnd.opened
    }
    return { deliveries: [{ id: turnId, class: 1, place: '', payload: items[0]?.id ?? '' }], writes: [] }
  })
  lanes.startConsumer({ answer })
  await lanes.append(laneOf(1), { id: 'a' })
  const ended = await until(async () => (await lanes.wakes.inbox(0).getCompleted())[0])
  await lanes.append(laneOf(1), { id: 'b' })
  await began.opened
  await ended.retry('completed')
  await until(() => idsOf(1).length === 3)
  mayEnd.open()
  await lanes.append(laneOf(1), { id: 'c' })
  await isDone(lanes)
  expect(idsOf(1)).toEqual(['a', 'b', 'b', 'c'])
  const out = await lanes.redis.zrange(lanes.keys.ofChat(laneOf(1), 'out'), '0', '-1')
  expect(out.map((member) => unseal(member.split('|').at(-1) ?? ''))).toEqual(['a', 'b', 'c'])
})

test('a turn that lasts is explained in Bull Board', async () => {
  const lanes = openLanes()
  const mayEnd = latch()
  const { answer, answered } = record(async () => {
    await mayEnd.opened
    return NOTHING
  })
  lanes.startConsumer({ answer })
  await lanes.append(laneOf(1), { id: '42', payload: 'what the user wrote' })
  await answered(1)
  const logs = await until(async () => {
    const [job] = await lanes.wakes.inbox(0).getActive()
    const found = job?.id ? await lanes.wakes.inbox(0).getJobLogs(job.id) : undefined
    return found && found.count > 0 ? found.logs : undefined
  })
  mayEnd.open()
  expect(logs.join()).toMatch(/took 1 \(42\).*try 1/)
  expect(logs.join()).not.toContain('wrote')
})

test('a worker that finds its turn taken over leaves the lane to its successor', async () => {
  const { startConsumer, append, inbox, wakes, redis, keys } = openLanes()
  const lane = laneOf('7')
  let turns = 0
  startConsumer({
    answer: async () => {
      if (++turns === 1) await inbox.take(lane, 'successor')
      throw new Error('the turn is another by now')
    },
  })
  await append(lane, { id: '1' })
  await until(async () => (await wakes.inbox(0).getCompletedCount()) === 1)
  expect(turns).toBe(1)
  expect(await redis.hget(keys.ofLane(lane, 'turn'), 'id')).toBe('successor')
})

test('what follows a commit begins once it stands, and not where another turn has taken its place', async () => {
  const lanes = openLanes()
  const key = lanes.keys.ofLane(laneOf(1), 'chat')
  const followed: Promise<[id: string, kept: string | null]>[] = []
  const { answer } = record(async ({ lane, items }, nth) => {
    const id = items[0]?.id ?? ''
    // Another worker takes the first turn while this one answers it.
    if (nth === 1) await lanes.inbox.take(lane, 'thief')
    return {
      deliveries: [],
      writes: [{ command: 'hset', key, args: ['last', `${id}:${nth}`] }],
      onCommitted: () =>
        void followed.push(lanes.redis.hget(key, 'last').then((kept) => [`${id}:${nth}`, kept])),
    }
  })
  await lanes.append(laneOf(1), { id: 'a' })
  lanes.startConsumer({ answer })
  await lanes.append(laneOf(2), { id: 'b' })
  await until(() => followed.length > 0)
  expect(await Promise.all(followed)).toEqual([['b:2', 'b:2']])
})
