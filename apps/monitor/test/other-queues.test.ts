import { openTestRedis, until } from '@chatlane/test-kit'
import { Queue, UnrecoverableError, Worker } from 'bullmq'
import { expect, onTestFinished, test } from 'vitest'
import { openMonitor, readBoard } from './open-monitor.ts'

/** A queue of another program, with one job that failed. */
async function openOther(name: string) {
  const { redis, prefix, connect } = openTestRedis()
  const queue = new Queue<{ to: string }>(name, {
    connection: redis,
    prefix,
    streams: { events: { maxLen: 7 } },
  })
  const job = await queue.add('send', { to: 'somebody' })
  let runs = 0
  const work = async () => {
    if (++runs === 1) throw new UnrecoverableError('no such mailbox')
  }
  const worker = new Worker(name, work, { connection: connect(), prefix })
  onTestFinished(() => queue.close())
  onTestFinished(() => worker.close())
  await until(async () => (await queue.getFailedCount()) === 1)
  return { redis, queue, prefix, id: job.id, address: { prefix, name }, runs: () => runs }
}

test('queues of other programs stand behind ours, with what their jobs hold', async () => {
  const other = await openOther('emails')
  const { get } = await openMonitor({ boardQueues: [other.address], shards: 2 })
  const name = `${other.prefix}:emails`
  const board = await readBoard(get, `?activeQueue=${encodeURIComponent(name)}&status=failed`)
  expect([...board.keys()].at(-1)).toBe(name)
  expect(board.get(name)).toMatchObject({
    ...{ displayName: name, readOnlyMode: true, counts: { failed: 1 } },
    jobs: [{ data: { to: 'somebody' }, failedReason: 'no such mailbox' }],
  })
  expect(board.get(name)?.description).toMatch(/^A queue of another program/)
})

test('a queue with the prefix of BullMQ itself needs no prefix, also where its name is one of ours', async () => {
  const { redis } = openTestRedis()
  const name = 'inbox'
  const { get } = await openMonitor({ boardQueues: [{ prefix: 'bull', name }] })
  const board = await readBoard(get)
  expect(board.get('bull:inbox')).toMatchObject({ displayName: 'inbox' })
  expect(board.get('inbox')?.description).toMatch(/^A job is a lane/)
  expect(await redis.exists('bull:inbox:meta')).toBe(0)
})

test('looking changes nothing: a queue that is not there is empty and stays away', async () => {
  const other = await openOther('emails')
  const missing = { prefix: other.prefix, name: 'none' }
  const { get, put } = await openMonitor({ boardQueues: [other.address, missing] })
  const keysBefore = (await other.redis.keys(`${other.prefix}:*`)).sort()
  const board = await readBoard(get)
  const counts = Object.values(board.get(`${other.prefix}:none`)?.counts ?? { missing: 1 })
  expect(counts.every((count) => count === 0)).toBe(true)
  const path = `/api/queues/${encodeURIComponent(`${other.prefix}:emails`)}/${other.id}/retry`
  expect((await put(path)).status).toBe(405)
  expect((await other.redis.keys(`${other.prefix}:*`)).sort()).toEqual(keysBefore)
  expect(await other.redis.hget(`${other.prefix}:emails:meta`, 'opts.maxLenEvents')).toBe('7')
})

test('with MONITOR_WRITE their jobs may be retried', async () => {
  const other = await openOther('emails')
  const { put } = await openMonitor({ boardQueues: [other.address], write: true })
  const path = `/api/queues/${encodeURIComponent(`${other.prefix}:emails`)}/${other.id}/retry`
  expect((await put(path)).status).toBe(204)
  await until(() => other.runs() === 2)
})
