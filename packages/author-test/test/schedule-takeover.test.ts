import { readFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openTestRedis } from '@chatlane/test-kit'
import { expect, onTestFinished, test } from 'vitest'
import { openBot } from '../src/index.ts'

async function openClock(environment: Record<string, string> = {}) {
  const file = join(await mkdtemp(join(tmpdir(), 'clock-')), 'runs')
  const bot = await openBot({
    handlers: new URL('bots/clock.js', import.meta.url),
    environment: { READER: '42', RUNS_FILE: file, ...environment },
  })
  onTestFinished(() => bot.close())
  return { bot, anna: bot.person('Anna', { id: 42 }), runs: () => readFileSync(file, 'utf8') }
}

test('a run whose worker was killed begins anew in another within 20 s, and posts nothing twice', async () => {
  const { bot, anna, runs } = await openClock({ STEP_MS: '600000' })
  const run = bot.runSchedule('new year', { withinMs: 25_000 })
  expect(await anna.sees()).toBe('the old year')
  await bot.killWorker()
  await bot.startWorker({ STEP_MS: '0' })
  await run
  expect(runs()).toBe('run\nrun\n')
  expect(anna.chat()).toBe('Bot: the old year\nBot: the new year')
})

test('a run that was due while no worker was there is made up for by the next one', async () => {
  const { bot, anna } = await openClock()
  await bot.killWorker()
  await expect(bot.runSchedule('new year', { withinMs: 500 })).rejects.toThrow('No worker runs.')
  await bot.startWorker()
  expect([await anna.sees(), await anna.sees()]).toEqual(['the old year', 'the new year'])
})

test('a run whose workers die again and again is given up, and the schedule goes on', async () => {
  const { redis, url } = openTestRedis()
  process.env.REDIS_URL = url
  onTestFinished(() => void delete process.env.REDIS_URL)
  const { bot, anna, runs } = await openClock({ STEP_MS: '600000' })
  const run = expect(bot.runSchedule('new year', { withinMs: 25_000 })).rejects.toThrow('again and again')
  expect(await anna.sees()).toBe('the old year')
  await bot.killWorker()
  const [job = ''] = await redis.keys('test-*:schedules:active')
  const [id = ''] = await redis.lrange(job, 0, -1)
  await redis.hset(job.replace(/active$/, id), 'stc', '5')
  await bot.startWorker({ STEP_MS: '0' })
  await run
  expect(runs()).toBe('run\n')
  await bot.runSchedule('new year')
  expect(runs()).toBe('run\nrun\n')
})
