import { watchRedis } from '@chatlane/runtime'
import { openTestServer, until } from '@chatlane/test-kit'
import { expect, onTestFinished, test } from 'vitest'
import { createBudget } from '../src/budget.ts'
import { createInbox } from '../src/inbox.ts'
import { holdLease } from '../src/leader.ts'
import { createKeys } from '../src/names.ts'
import { createOutbox } from '../src/outbox.ts'
import { laneOf, WIDE } from './open-lanes.ts'

async function openSmallRedis() {
  const { redis } = await openTestServer(['--maxmemory', '8mb'])
  const health = watchRedis({ redis, intervalMs: 60_000 })
  onTestFinished(() => health.stop())
  const keys = createKeys({ prefix: 'full', shards: 1 })
  const fill = async () => {
    for (const bytes of [64 * 1024, 1024, 1]) {
      const block = 'x'.repeat(bytes)
      for (let n = 0; (await redis.set(`${bytes}:${n}`, block).catch(() => 'full')) === 'OK'; n++);
    }
  }
  return { redis, health, keys, fill }
}

test('a full Redis lets in nothing new, and what is in drains to the end', async () => {
  const { redis, health, keys, fill } = await openSmallRedis()
  const lane = laneOf(7)
  const inbox = createInbox({ redis, keys, rules: { quietMs: 0, maxTries: 3 } })
  const outbox = createOutbox({ redis, keys })
  const budget = createBudget({ redis, keys, botId: '1', limits: WIDE })
  const append = async (id: string) =>
    inbox.append(
      lane,
      { id, mergeKey: '', album: '', payload: `p${id}` },
      { open: (await health.ask()) === 'ready', countAs: 'n' },
    )
  expect(await append('1')).toBe('appended')
  await append('2')
  await fill()

  expect(await health.ask()).toBe('full')
  expect(await append('3')).toBe('closed')
  expect(await append('1')).toBe('seen')
  await expect(redis.set('more', 'x')).rejects.toThrow('OOM')

  expect(await holdLease({ redis, key: 'lease', token: 't' }).acquire()).toBe(true)
  await inbox.take(lane, 'a')
  expect(await inbox.handBack(lane, 'a', { pauseMs: 0, counts: false })).toBe(true)
  for (const id of ['1', '2']) {
    expect(await inbox.take(lane, `turn${id}`)).toMatchObject({ kind: 'turn', items: [{ id }] })
    const delivery = { id: `d${id}`, class: 1 as const, place: '', payload: 'x'.repeat(1000) }
    const writes = [{ command: 'hset' as const, key: keys.ofLane(lane, 'chat'), args: ['last', id] }]
    const committed = await inbox.commit(lane, `turn${id}`, { deliveries: [delivery], writes })
    expect(committed).toMatchObject({ kind: 'committed', outClass: '1' })
    await budget.ready(lane.homeId, committed.outClass)
  }
  expect(await budget.lease('t', 60_000)).toBe('taken')
  for (const id of ['d1', 'd2']) {
    const grant = await until(async () => {
      const granted = await budget.grant('t', { most: 1, prefix: `t.${id}.` })
      return granted.kind === 'granted' ? granted.grants[0] : undefined
    })
    const attempt = await outbox.attempt(lane, grant.id)
    if (attempt.kind !== 'send') throw new Error(attempt.kind)
    expect(attempt.delivery.id).toBe(id)
    const { delivery } = attempt
    const { next } = await outbox.note(lane, { token: grant.id, delivery, result: { kind: 'done' } })
    await budget.answered(grant, { next, used: true })
  }
  expect(await budget.action('7', 'a', 100)).toBe(true)
  expect(await redis.exists(keys.ofChat(lane, 'out'), keys.ofLane(lane, 'in'))).toBe(0)
})
