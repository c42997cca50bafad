import { latch, until } from '@chatlane/test-kit'
import { expect, onTestFinished, test } from 'vitest'
import { createDeadLetters, type DeadLetter } from '../src/dead-letters.ts'
import { openLanes } from './open-lanes.ts'

const LETTER: DeadLetter = {
  kind: 'update',
  botId: '1',
  homeId: '-7',
  place: 't5',
  id: '42',
  reason: 'given up after 5 tries',
}

function openDeadLetters() {
  const { redis, keys, log, connect, prefix } = openLanes()
  const letters = createDeadLetters({ redis: connect(), keys, log })
  onTestFinished(() => letters.close())
  const serve = (replay: (letter: DeadLetter, contents: string) => Promise<void>) => {
    const serving = letters.serve(replay)
    onTestFinished(() => serving.stop())
  }
  const failed = () => until(async () => (await letters.queue(0).getFailed())[0])
  return { redis, prefix, letters, serve, failed }
}

test('what is parked becomes a failed job that names its reason', async () => {
  const { letters, serve, failed } = openDeadLetters()
  serve(async () => expect.fail('nobody asked for a retry'))
  await letters.park(LETTER, 'contents')
  const job = await failed()
  expect(job).toMatchObject({ name: 'update', failedReason: LETTER.reason, data: LETTER })
})

test('a retry in Bull Board replays it with its contents, and it is gone', async () => {
  const { redis, prefix, letters, serve, failed } = openDeadLetters()
  const replayed = latch<unknown>()
  serve(async (letter, contents) => replayed.open({ letter, contents }))
  await letters.park(LETTER, 'the "contents" | {}')
  await (await failed()).retry()
  expect(await replayed.opened).toEqual({ letter: LETTER, contents: 'the "contents" | {}' })
  await until(async () => (await letters.queue(0).getJobCountByTypes('failed', 'active', 'waiting')) === 0)
  expect(await redis.keys(`${prefix}:*dead:*`)).toEqual([])
})

test('a replay that fails leaves the letter, and the next retry replays it', async () => {
  const { letters, serve, failed } = openDeadLetters()
  const replayed = latch()
  let tries = 0
  serve(async () => {
    if (++tries === 1) throw new Error('not now')
    replayed.open()
  })
  await letters.park(LETTER, 'contents')
  await (await failed()).retry()
  await until(async () => (await failed()).failedReason === 'not now')
  await (await failed()).retry()
  await replayed.opened
})

test('a letter whose contents are gone says so', async () => {
  const { redis, prefix, letters, serve, failed } = openDeadLetters()
  serve(async () => expect.fail('there is nothing to replay'))
  await letters.park(LETTER, 'contents')
  const job = await failed()
  await redis.del(await redis.keys(`${prefix}:*dead:*`))
  await job.retry()
  await until(async () => (await failed()).failedReason?.includes('30 days'))
})

test('parking the same twice is one letter', async () => {
  const { letters, serve, failed } = openDeadLetters()
  serve(async () => undefined)
  await letters.park(LETTER, 'contents')
  await failed()
  await letters.park(LETTER, 'contents')
  await letters.park({ ...LETTER, id: '43' }, 'contents')
  await until(async () => (await letters.queue(0).getFailedCount()) === 2)
  expect(await letters.queue(0).getWaitingCount()).toBe(0)
})

test('nothing of the contents is in the job', async () => {
  const { redis, prefix, letters, serve, failed } = openDeadLetters()
  serve(async () => undefined)
  await letters.park(LETTER, 'a secret of the user')
  const job = await failed()
  const hash = await redis.hgetall(`${prefix}:{s0}:dead-letters:${job.id}`)
  expect(Object.keys(hash)).toContain('data')
  expect(JSON.stringify(hash)).not.toContain('secret')
})
