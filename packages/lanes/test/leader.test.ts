import { createLog } from '@chatlane/runtime'
import { latch, openTestRedis } from '@chatlane/test-kit'
import { expect, onTestFinished, test } from 'vitest'
import { holdLease, lead } from '../src/leader.ts'

const log = createLog({ service: 'test', level: 'silent' })

function openLead() {
  const { redis, prefix, connect } = openTestRedis()
  const key = `${prefix}:chore`
  const start = (chore: (signal: AbortSignal) => Promise<void>) => {
    const running = lead({ redis: connect(), key, everyMs: 10, leaseMs: 200, chore, log })
    onTestFinished(() => running.stop())
    return running
  }
  return { redis, key, start }
}

test('one leader at a time does the chore, and another goes on when it stops', async () => {
  const { start } = openLead()
  const began = latch()
  const mayEnd = latch()
  const first = start(async () => {
    began.open()
    await mayEnd.opened
  })
  await began.opened
  const took = latch()
  let isFirstDone = false
  start(async () => {
    expect(isFirstDone).toBe(true)
    took.open()
  })
  isFirstDone = true
  mayEnd.open()
  await first.stop()
  await took.opened
})

test('a leader that died is followed when its lease has run out', async () => {
  const { redis, key, start } = openLead()
  await holdLease({ redis, key, token: 'dead', leaseMs: 100 }).acquire()
  const took = latch()
  start(async () => took.open())
  await took.opened
})

test('a chore that fails is done again in the next round', async () => {
  const { start } = openLead()
  const second = latch()
  let rounds = 0
  start(async () => {
    if (++rounds === 1) throw new Error('once')
    second.open()
  })
  await second.opened
})

test('a lease is given up by its holder alone, and may be given up twice', async () => {
  const { redis, key } = openLead()
  const mine = holdLease({ redis, key, token: 'mine' })
  const other = holdLease({ redis, key, token: 'other' })
  expect(await mine.acquire()).toBe(true)
  expect(await mine.acquire()).toBe(true)
  expect(await other.acquire()).toBe(false)
  await other.release()
  expect(await other.acquire()).toBe(false)
  await mine.release()
  await mine.release()
  expect(await other.acquire()).toBe(true)
})
