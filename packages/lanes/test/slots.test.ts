import { expect, test } from 'vitest'
import { Slots } from '../src/slots.ts'

test('no more slots are held than there are, and who waited first is first', async () => {
  const slots = new Slots(1)
  await slots.acquire()
  const passed: string[] = []
  const first = slots.acquire().then(() => passed.push('first'))
  const second = slots.acquire().then(() => passed.push('second'))
  await new Promise((resolve) => setImmediate(resolve))
  expect(passed).toEqual([])
  slots.release()
  await first
  expect(passed).toEqual(['first'])
  slots.release()
  await second
})

test('who takes one at once makes the next wait for one more', async () => {
  const slots = new Slots(1)
  await slots.acquire()
  slots.take()
  let hasPassed = false
  const waiting = slots.acquire().then(() => {
    hasPassed = true
  })
  slots.release()
  await new Promise((resolve) => setImmediate(resolve))
  expect(hasPassed).toBe(false)
  slots.release()
  await waiting
})

test('once opened nobody waits', async () => {
  const slots = new Slots(1)
  await slots.acquire()
  const waiting = slots.acquire()
  slots.open()
  await waiting
  await slots.acquire()
})
