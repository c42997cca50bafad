import { createLog } from '@chatlane/runtime'
import { openTestRedis, until } from '@chatlane/test-kit'
import { expect, onTestFinished, test } from 'vitest'
import { createKeys } from '../src/names.ts'
import { createTaps } from '../src/taps.ts'

function openTaps() {
  const { redis, prefix } = openTestRedis()
  const taps = createTaps({ redis, keys: createKeys({ prefix, shards: 1 }) })
  const answered: string[] = []
  const giveUp = (overdueMs: number) => {
    const running = taps.giveUp({
      botIds: ['1'],
      log: createLog({ service: 'test', level: 'silent' }),
      overdueMs,
      everyMs: 10,
      answer: async (_botId, id) => void answered.push(id),
    })
    onTestFinished(() => running.stop())
  }
  return { taps, answered, giveUp }
}

test('a tap that nobody begins is answered empty, once, by one of many', async () => {
  const { taps, answered, giveUp } = openTaps()
  await taps.note('1', 'a')
  giveUp(1)
  giveUp(1)
  await until(() => answered.length > 0)
  await taps.note('1', 'b')
  await until(() => answered.includes('b'))
  expect(answered).toEqual(['a', 'b'])
})

test('a tap that was begun is left to its handler', async () => {
  const { taps, answered, giveUp } = openTaps()
  await taps.note('1', 'a')
  expect(await taps.begin('1', 'a')).toBe(true)
  await taps.note('1', 'b')
  giveUp(1)
  await until(() => answered.includes('b'))
  expect(answered).toEqual(['b'])
})

test('whoever begins with a tap that was given up is told so', async () => {
  const { taps, answered, giveUp } = openTaps()
  await taps.note('1', 'a')
  giveUp(1)
  await until(() => answered.includes('a'))
  expect(await taps.begin('1', 'a')).toBe(false)
})
