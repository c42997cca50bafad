import { until } from '@chatlane/test-kit'
import { expect, test } from 'vitest'
import { AUTHORIZATION, openMonitor, readBoard } from './open-monitor.ts'

test('without MONITOR_WRITE every change is refused and nothing changes', async () => {
  const { address, get, park } = await openMonitor()
  await park(1)
  const [letter] = (await readBoard(get, '?activeQueue=dead-letters')).get('dead-letters')?.jobs ?? []
  const changes = [
    ['PUT', '/api/queues/pause'],
    ['PUT', '/api/queues/inbox/pause'],
    ['PUT', '/api/queues/inbox/obliterate'],
    ['PUT', '/api/queues/dead-letters/retry/failed'],
    ['PUT', `/api/queues/dead-letters/${letter?.id}/retry`],
    ['PUT', `/api/queues/dead-letters/${letter?.id}/clean`],
    ['POST', '/api/queues/inbox/add'],
    ['PATCH', `/api/queues/dead-letters/${letter?.id}/update-data`],
  ] as const
  for (const [method, path] of changes) {
    const { status } = await fetch(address + path, { method, headers: AUTHORIZATION })
    expect([method, path, status]).toEqual([method, path, 405])
  }
  const board = await readBoard(get)
  expect([...board.values()].every((queue) => queue.readOnlyMode)).toBe(true)
  expect(board.get('dead-letters')?.counts.failed).toBe(1)
})

test('a dead letter that is retried in Bull Board is replayed with its contents', async () => {
  const { get, put, park } = await openMonitor({ write: true })
  const { replayed } = await park(3)
  const jobs =
    (await readBoard(get, '?activeQueue=dead-letters&status=failed')).get('dead-letters')?.jobs ?? []
  expect(jobs.map((job) => job.failedReason)).toEqual(Array(3).fill('Telegram said 400'))
  const job = jobs.find((each) => (each.data as { id: string }).id === 'd1')
  expect((await put(`/api/queues/dead-letters/${job?.id}/retry`)).status).toBe(204)
  await until(() => replayed.length === 1)
  expect(replayed).toMatchObject([{ letter: { id: 'd1' }, contents: 'contents 1' }])
  await until(async () => (await readBoard(get)).get('dead-letters')?.counts.failed === 2)

  expect((await put('/api/queues/dead-letters/retry/failed')).status).toBe(200)
  await until(() => replayed.length === 3)
  expect(replayed.map(({ contents }) => contents).sort()).toEqual(['contents 0', 'contents 1', 'contents 2'])
})

test('what a dead letter contains is not shown', async () => {
  const { get, park } = await openMonitor()
  await park(1)
  const text = await (await get('/api/queues?activeQueue=dead-letters')).text()
  expect(text).toContain('Telegram said 400')
  expect(text).not.toContain('contents 0')
})

test('one shard has plain names, several are numbered', async () => {
  const single = await openMonitor()
  const one = await readBoard(single.get)
  expect([...one.keys()]).toEqual(['inbox', 'queries', 'outbox', 'broadcasts', 'dead-letters'])
  expect(one.get('inbox')?.displayName).toBe('inbox')
  expect(one.get('inbox')?.description).toMatch(/^A job is a lane/)
  const sharded = await openMonitor({ shards: 2 })
  const two = await readBoard(sharded.get)
  expect([...two.values()].map((queue) => queue.displayName)).toEqual([
    'inbox (shard 0)',
    'inbox (shard 1)',
    'queries (shard 0)',
    'queries (shard 1)',
    'outbox',
    'broadcasts',
    'dead-letters (shard 0)',
    'dead-letters (shard 1)',
  ])
  await sharded.append({ updates: 20, chats: 20 })
  const board = await readBoard(sharded.get)
  const waiting = ['s0-inbox', 's1-inbox'].map((name) => board.get(name)?.counts.waiting ?? 0)
  expect(waiting.every((count) => count > 0)).toBe(true)
  expect(waiting.reduce((a, b) => a + b)).toBe(20)
})
