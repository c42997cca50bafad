import { latch, until } from '@chatlane/test-kit'
import { expect, test } from 'vitest'
import { idsFrom, openBroadcasts } from './open-broadcasts.ts'
import { BOT } from './open-lanes.ts'

type Bot = ReturnType<typeof openBroadcasts>

/** A pump whose calls after the first `free` wait until `open`. */
function heldPump(bot: Bot, free: number) {
  const { opened, open } = latch()
  const pump = bot.playPump(async (_call, nth) => {
    if (nth > free) await opened
    return { kind: 'sent' }
  })
  return { ...pump, open: () => open(), reached: () => until(() => pump.calls.length > free) }
}

async function jobOf(bot: Bot, id: string) {
  const job = await bot.jobs.queue.getJob(id)
  if (!job) throw new Error(`${id} has no job`)
  return job
}

test('a broadcast is a job that shows how far it is and nothing of what it says', async () => {
  const bot = openBroadcasts()
  const pump = heldPump(bot, 250)
  bot.startConductor()
  const { id } = await bot.create(idsFrom(1, 1000), 'a secret text')
  await pump.reached()
  await until(async () => ((await jobOf(bot, id)).progress as { sent?: number }).sent === 250)
  const running = await jobOf(bot, id)
  expect(running.data).toEqual({ bot: BOT, broadcast: id, total: 1000, v: 1 })
  expect(running.progress).toEqual({
    ...{ progress: 25, state: 'running', total: 1000 },
    ...{ sent: 250, blocked: 0, failed: 0, unknown: 0, skipped: 0 },
  })
  expect(JSON.stringify(running)).not.toContain('secret')
  pump.open()
  await until(async () => (await bot.jobs.queue.getJobState(id)) === 'completed')
  const done = await jobOf(bot, id)
  expect(done.progress).toMatchObject({ progress: 100, state: 'done', sent: 1000 })
  expect(done.returnvalue).toEqual({ sent: 1000, blocked: 0, failed: 0, unknown: 0, skipped: 0 })
})

test('two conductors of one broadcast feed nobody twice and leave nobody out', async () => {
  const bot = openBroadcasts()
  const pump = bot.playPump()
  const { id, total } = await bot.create(idsFrom(1, 2000))
  // A second job of it, as after a lock that ran out: both conductors move it on.
  await bot.jobs.queue.add('broadcast', { bot: BOT, broadcast: id, total }, { jobId: 'again' })
  bot.startConductor()
  bot.startConductor()
  expect(await bot.ended(id)).toMatchObject({ sent: 2000 })
  expect(new Set(pump.chats()).size).toBe(2000)
  expect(pump.calls).toHaveLength(2000)
  await until(async () => (await bot.jobs.queue.getJobState('again')) === 'completed')
})

test('no more is fed ahead than a pump can use soon', async () => {
  const bot = openBroadcasts()
  const pump = heldPump(bot, 300)
  bot.startConductor()
  const { id } = await bot.create(idsFrom(1, 5000))
  await pump.reached()
  // The last of the 300 may not be noted yet when the next one is called.
  await until(async () => (await bot.redis.llen(`${bot.base}:bc:${id}:list`)) === 5000 - 512 - 300)
  expect(await bot.redis.hlen(`${bot.base}:open`)).toBe(512)
  pump.open()
  await bot.ended(id)
})

test('a conductor that stops hands its broadcast to another at once', async () => {
  const bot = openBroadcasts()
  const pump = heldPump(bot, 100)
  const first = bot.startConductor()
  const { id } = await bot.create(idsFrom(1, 2000))
  await pump.reached()
  await first.stop()
  expect(await bot.jobs.queue.getJobState(id)).toBe('waiting')
  bot.startConductor()
  pump.open()
  expect(await bot.ended(id)).toMatchObject({ sent: 2000 })
})

test('a broadcast whose job was removed gets another', async () => {
  const bot = openBroadcasts()
  const { id } = await bot.create(idsFrom(1, 10))
  await bot.jobs.queue.remove(id)
  bot.playPump()
  bot.startConductor()
  expect(await bot.ended(id)).toMatchObject({ sent: 10 })
})

test('an operator gives a broadcast its job back', async () => {
  const bot = openBroadcasts()
  const { id } = await bot.create(['1'])
  await bot.jobs.queue.remove(id)
  await bot.broadcasts.resume(id)
  expect(await bot.jobs.queue.getJobState(id)).toBe('waiting')
})

test('broadcasts of several bots run side by side, and that of a foreign bot waits for its own sender', async () => {
  const bot = openBroadcasts()
  bot.playPump()
  bot.startConductor()
  const audience = [['1']]
  const foreign = await bot.broadcasts.create({ botId: '2', payload: 'news', audience })
  const own = await bot.create(idsFrom(1, 10))
  await bot.ended(own.id)
  await until(async () => (await bot.jobs.queue.getJobState(foreign.id)) === 'delayed')
  bot.startConductor(['2'])
  await until(async () => (await bot.redis.hlen(`${bot.keys.bot('2')}:open`)) === 1)
  await until(async () => (await bot.wakes.outbox.getJobs()).some(({ data }) => data.bot === '2'))
})
