import { expect, test } from 'vitest'
import { readBacklog, watchBacklog } from '../src/backlog.ts'
import { eraseChat } from '../src/erase-chat.ts'
import { laneOf, NOTHING, openLanes } from './open-lanes.ts'

test('what waits is counted by bot over all shards, until it is answered or erased', async () => {
  const { redis, keys, inbox } = openLanes({ shards: 3 })
  const append = (botId: string, homeId: number, id: string) =>
    inbox.append(
      { ...laneOf(homeId), botId },
      { id, mergeKey: '', album: '', payload: id },
      { open: true, countAs: 'n' },
    )
  for (let home = 1; home <= 9; home++) await append('1', home, 'a')
  await append('1', 1, 'b')
  await append('1', 1, 'b')
  await append('2', 1, 'a')
  expect(Object.fromEntries(await readBacklog(redis, keys))).toEqual({ 1: 10, 2: 1 })
  await inbox.take(laneOf(1), 'turn')
  await inbox.commit(laneOf(1), 'turn', NOTHING)
  await inbox.commit(laneOf(1), 'turn', NOTHING)
  await eraseChat({ redis, keys, chat: laneOf(2), lookIn: 'everywhere', writes: () => [] })
  expect(Object.fromEntries(await readBacklog(redis, keys))).toEqual({ 1: 8, 2: 1 })
})

test('a bot over its bound is over, and the others are not, until all together are', async () => {
  const { redis, keys, append } = openLanes({ shards: 2 })
  const backlog = watchBacklog({ redis, keys, bounds: { ofAll: 4, ofBot: 3 } })
  for (let home = 1; home <= 3; home++) await append(laneOf(home), { id: 'a' })
  await backlog.look()
  expect(['1', '2'].map(backlog.isOver)).toEqual([true, false])
  await append({ ...laneOf(1), botId: '2' }, { id: 'a' })
  await backlog.look()
  expect(['1', '2'].map(backlog.isOver)).toEqual([true, true])
  backlog.stop()
})
