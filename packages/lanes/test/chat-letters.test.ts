import { latch, until } from '@chatlane/test-kit'
import { expect, onTestFinished, test } from 'vitest'
import { createChatLetters } from '../src/chat-letters.ts'
import { createDeadLetters, type DeadLetter } from '../src/dead-letters.ts'
import { openLanes } from './open-lanes.ts'

const CHAT = { botId: '1', homeId: '-7' }
const letter = (id: string, more: Partial<DeadLetter> = {}): DeadLetter => ({
  ...{ kind: 'update', ...CHAT, place: '', id, reason: 'given up after 5 tries' },
  ...more,
})

function openLetters() {
  const { redis, keys, log, connect, prefix } = openLanes()
  const deadLetters = createDeadLetters({ redis: connect(), keys, log })
  onTestFinished(() => deadLetters.close())
  const replayed: string[] = []
  const serve = (replay: (letter: DeadLetter) => Promise<void> = async () => undefined) => {
    const serving = deadLetters.serve(async (each) => {
      replayed.push(each.id)
      await replay(each)
    })
    onTestFinished(() => serving.stop())
    return serving
  }
  const park = async (...parked: DeadLetter[]) => {
    const before = await deadLetters.queue(0).getFailedCount()
    for (const each of parked) await deadLetters.park(each, `contents of ${each.id}`)
    await until(async () => (await deadLetters.queue(0).getFailedCount()) === before + parked.length)
  }
  return {
    redis,
    prefix,
    deadLetters,
    letters: createChatLetters({ redis, keys, deadLetters }),
    serve,
    park,
    replayed,
  }
}

const OTHERS = [
  letter('4', { homeId: '7' }),
  letter('5', { homeId: '-77' }),
  letter('6', { botId: '11' }),
  letter('-7-8', { homeId: '-7', botId: '2' }),
]

test('the letters of a chat are found, with their contents, and no others', async () => {
  const { letters, serve, park } = openLetters()
  serve()
  await park(
    letter('1'),
    letter('2', { kind: 'delivery', place: 't5', reason: 'Telegram said 400' }),
    ...OTHERS,
  )
  const found = await letters.of(CHAT)
  expect(found.sort((one, other) => one.id.localeCompare(other.id))).toMatchObject([
    { kind: 'update', id: '1', failedReason: 'given up after 5 tries' },
    { kind: 'delivery', id: '2', place: 't5', failedReason: 'Telegram said 400' },
  ])
  expect(await letters.contents(letter('1'))).toBe('contents of 1')
  expect(await letters.contents(letter('9'))).toBeUndefined()
})

test('replaying replays each letter of the chat once, and no others', async () => {
  const { deadLetters, letters, serve, park, replayed } = openLetters()
  serve()
  await park(letter('1'), letter('2', { kind: 'delivery' }), ...OTHERS)
  expect(await letters.replay(CHAT)).toBe(2)
  await until(
    async () => (await deadLetters.queue(0).getJobCountByTypes('failed', 'active', 'waiting')) === 4,
  )
  expect(replayed.sort()).toEqual(['1', '2'])
  expect(await letters.replay(CHAT)).toBe(0)
})

test('discarding removes the jobs and the contents, also of a copy made in Bull Board', async () => {
  const { redis, prefix, deadLetters, letters, serve, park, replayed } = openLetters()
  const serving = serve()
  await park(letter('1'), letter('2'), ...OTHERS)
  await serving.stop()
  await deadLetters.queue(0).add('update', letter('1'))
  const [failed] = await letters.of(CHAT)
  await letters.replay(CHAT)
  expect(failed).toBeDefined()
  expect(await letters.discard(CHAT, 'everywhere')).toBe(3)
  expect(await letters.of(CHAT)).toEqual([])
  expect(await deadLetters.queue(0).getJobCountByTypes('failed', 'active', 'waiting')).toBe(4)
  const contents = await redis.keys(`${prefix}:{s0}:dead:*`)
  expect(contents.filter((key) => key.endsWith(':1:-7'))).toEqual([])
  expect(contents).toHaveLength(4)
  expect(replayed).toEqual([])
})

test('a letter that is being replayed is waited for, and its failure is discarded', async () => {
  const { letters, serve, park } = openLetters()
  const began = latch()
  const mayFail = latch()
  serve(async () => {
    began.open()
    await mayFail.opened
    throw new Error('not now')
  })
  await park(letter('1'))
  await letters.replay(CHAT)
  await began.opened
  const discarding = letters.discard(CHAT, 'everywhere')
  mayFail.open()
  expect(await discarding).toBe(1)
  expect(await letters.of(CHAT)).toEqual([])
})

test('a letter whose replay does not end is not discarded, and that is said', async () => {
  const { letters, serve, park } = openLetters()
  const began = latch()
  const mayEnd = latch()
  serve(async () => {
    began.open()
    await mayEnd.opened
  })
  await park(letter('1'))
  await letters.replay(CHAT)
  await began.opened
  await expect(letters.discard(CHAT, 'everywhere')).rejects.toThrow('being replayed')
  mayEnd.open()
})
