import { setTimeout as pause } from 'node:timers/promises'
import { until } from '@chatlane/test-kit'
import { expect, test } from 'vitest'
import type { SendOutcome } from '../src/send.ts'
import type { Turn } from '../src/visit-lane.ts'
import { laneOf, openLanes } from './open-lanes.ts'

const LANES = 30
const ITEMS = 20
const SEED = 20_261_122

/** Numbers below 1 that only look random (mulberry32): a run that failed can be had again. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

test('through failures, floods, stopping processes and removed jobs every item is answered once and delivered in order', async () => {
  const lanes = openLanes({ shards: 2, rules: { quietMs: 0, maxTries: 1000 } })
  const random = seeded(SEED)
  const sent = new Map<string, string[]>()
  const answer = async ({ lane, turnId, items }: Turn) => {
    await pause(random() * 5)
    if (random() < 0.05) throw new Error('a turn that fails')
    const payload = items.map((item) => item.id).join()
    const counter = lanes.keys.ofLane(lane, 'chat')
    return {
      deliveries: [{ id: turnId, class: 1 as const, place: lane.place, payload }],
      writes: items.map(({ id }) => ({ command: 'hincrby' as const, key: counter, args: [id, 1] })),
    }
  }
  const send = async ({ homeId, delivery }: { homeId: string; delivery: { payload: string } }) => {
    await pause(random() * 5)
    const chance = random()
    if (chance < 0.03) return { kind: 'flood', afterMs: 10 } satisfies SendOutcome
    if (chance < 0.06) return { kind: 'again', afterMs: 5 } satisfies SendOutcome
    sent.set(homeId, [...(sent.get(homeId) ?? []), delivery.payload])
    return { kind: 'settled' } satisfies SendOutcome
  }

  let consumers = [
    lanes.startConsumer({ answer, concurrency: 5 }),
    lanes.startConsumer({ answer, concurrency: 5 }),
  ]
  let pumps = [await lanes.startPumps({ send }), await lanes.startPumps({ send })]
  lanes.startSweepers()

  let appended = false
  const operate = async () => {
    for (let round = 0; !appended; round++) {
      const queues = [lanes.wakes.inbox(0), lanes.wakes.inbox(1), lanes.wakes.outbox]
      for (const job of (await queues[round % 3]?.getWaiting(0, 2)) ?? [])
        await job.remove().catch(() => undefined)
      if (round === 3) {
        await consumers[0]?.stop()
        consumers = [...consumers.slice(1), lanes.startConsumer({ answer, concurrency: 5 })]
      }
      if (round === 5) {
        await pumps[0]?.stop()
        pumps = [...pumps.slice(1), await lanes.startPumps({ send })]
      }
      if (round === 7) await lanes.redis.script('FLUSH')
      await pause(5 + random() * 10)
    }
  }
  const operating = operate()
  for (let item = 1; item <= ITEMS; item++) {
    await Promise.all(
      Array.from({ length: LANES }, (_, home) => lanes.append(laneOf(home + 1), { id: String(item) })),
    )
    await pause(random() * 30)
  }
  appended = true
  await operating

  const left = async () => {
    const sets = [0, 1].flatMap((n) =>
      ['dirty', 'turns', 'outdirty'].map((name) => lanes.keys.ofShard(n, name)),
    )
    const counts = await Promise.all(sets.map((key) => lanes.redis.zcard(key)))
    return counts.reduce((sum, count) => sum + count, await lanes.redis.hlen(`${lanes.keys.bot('1')}:where`))
  }
  await until(async () => (await left()) === 0)
  const expected = Array.from({ length: ITEMS }, (_, n) => String(n + 1))
  for (let home = 1; home <= LANES; home++) {
    const answered = await lanes.redis.hgetall(lanes.keys.ofLane(laneOf(home), 'chat'))
    expect(answered).toEqual(Object.fromEntries(expected.map((id) => [id, '1'])))
    expect(sent.get(String(home))?.join().split(',')).toEqual(expected)
  }
})
