import { until } from '@chatlane/test-kit'
import { expect, onTestFinished, test, vi } from 'vitest'
import { sweepInboxes } from '../src/sweeper.ts'
import { BOT, laneOf, openLanes } from './open-lanes.ts'

test('every lane that stays dirty is woken, however many there are', async () => {
  const lanes = openLanes({ shards: 2 })
  const open = { open: true, countAs: 'n' }
  const count = 600
  await Promise.all(
    Array.from({ length: count }, (_, home) =>
      lanes.inbox.append(laneOf(home), { id: '1', mergeKey: '', album: '', payload: '' }, open),
    ),
  )
  lanes.startSweepers()
  const waiting = async () => {
    const counts = await Promise.all([0, 1].map((n) => lanes.wakes.inbox(n).getWaitingCount()))
    return counts.reduce((sum, each) => sum + each, 0)
  }
  await until(async () => (await waiting()) >= count)
  expect(await waiting()).toBe(count)
})

test('what has just become dirty is left to its own wake', async () => {
  const lanes = openLanes()
  const [seconds] = await lanes.redis.time()
  const dirty = lanes.keys.ofShard(0, 'dirty')
  await lanes.redis.zadd(dirty, (Number(seconds) + 1000) * 1000, '1:8:', 1, '1:7:')
  const sweeper = sweepInboxes({ ...lanes, pace: { everyMs: 5, settledMs: 0 } })
  await until(async () => (await lanes.wakes.inbox(0).getWaitingCount()) === 1)
  await sweeper.stop()
  const [job] = await lanes.wakes.inbox(0).getWaiting()
  expect(job?.data.lane).toBe('1:7:')
})

test('a process whose own clock is an hour slow sweeps all the same', async () => {
  const lanes = openLanes()
  const item = { id: '1', mergeKey: '', album: '', payload: '' }
  await lanes.inbox.append(laneOf(7), item, { open: true, countAs: 'n' })
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 3_600_000 })
  onTestFinished(() => void vi.useRealTimers())
  lanes.startSweepers()
  await until(async () => (await lanes.wakes.inbox(0).getWaitingCount()) === 1)
})

test('a chat whose delivery nobody readied is readied, and its bot gets a pump', async () => {
  const lanes = openLanes()
  await lanes.outbox.post({ botId: BOT, homeId: '7' }, { id: 'a', class: 1, place: '', payload: '' })
  lanes.startSweepers()
  await until(async () => (await lanes.wakes.outbox.getWaitingCount()) > 0)
  await lanes.budget.lease('t', 60_000)
  const grant = await until(async () => {
    const answer = await lanes.budget.grant('t', { most: 1, prefix: 't.1.' })
    return answer.kind === 'granted' ? answer.grants[0] : undefined
  })
  expect(grant.chat).toBe('7')
})

test('deliveries of a bot whose token is not known here are left to others', async () => {
  const lanes = openLanes()
  await lanes.outbox.post({ botId: '999', homeId: '7' }, { id: 'a', class: 1, place: '', payload: '' })
  await lanes.outbox.post({ botId: BOT, homeId: '7' }, { id: 'a', class: 1, place: '', payload: '' })
  lanes.startSweepers()
  await until(async () => (await lanes.wakes.outbox.getWaitingCount()) > 0)
  const jobs = await lanes.wakes.outbox.getWaiting()
  expect(new Set(jobs.map((job) => job.data.bot))).toEqual(new Set([BOT]))
})
