import { readFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openTestRedis } from '@chatlane/test-kit'
import { expect, onTestFinished, test } from 'vitest'
import { type OpenBotOptions, openBot, ScheduleRunError } from '../src/index.ts'

const CLOCK = new URL('bots/clock.js', import.meta.url)

async function openClock({ environment, ...options }: Partial<OpenBotOptions> = {}) {
  const file = join(await mkdtemp(join(tmpdir(), 'clock-')), 'runs')
  const variables = { READER: '42', RUNS_FILE: file, ...environment }
  const bot = await openBot({ handlers: CLOCK, ...options, environment: variables })
  onTestFinished(() => bot.close())
  const anna = bot.person('Anna', { id: 42 })
  return { bot, anna, runs: () => readFileSync(file, 'utf8').split('\n').length - 1 }
}

const NEW_YEAR = 'Bot: the old year\nBot: the new year'

test('a schedule runs when a test says so: once, however many workers there are', async () => {
  const { bot, anna, runs } = await openClock({ workers: 2 })
  await bot.runSchedule('new year')
  expect([runs(), anna.chat()]).toEqual([1, NEW_YEAR])
  await Promise.all([bot.runSchedule('new year'), bot.runSchedule('new year')])
  expect([runs(), anna.chat()]).toEqual([3, [NEW_YEAR, NEW_YEAR, NEW_YEAR].join('\n')])
})

test('after a run the schedule is due when it was due before', async () => {
  const { redis, url } = openTestRedis()
  process.env.REDIS_URL = url
  onTestFinished(() => void delete process.env.REDIS_URL)
  const { bot } = await openClock()
  const [times = ''] = await redis.keys('test-*:schedules:repeat')
  const name = '7001.new year'
  const dueAt = () => redis.zscore(times, name)
  const nextYear = String(Date.UTC(new Date().getUTCFullYear() + 1, 0, 1))
  const delayed = times.replace(/repeat$/, 'delayed')
  const jobs = async () => (await redis.zrange(delayed, '-inf', '+inf', 'BYSCORE')).sort()
  const before = await jobs()
  const settings = async () => {
    const { opts = '', ic: _runs, ...others } = await redis.hgetall(`${times}:${name}`)
    return { ...others, opts: JSON.parse(opts) }
  }
  const set = await settings()
  expect([await dueAt(), before]).toEqual([nextYear, expect.arrayContaining([`repeat:${name}:${nextYear}`])])
  await bot.runSchedule('new year')
  expect([await dueAt(), await jobs()]).toEqual([nextYear, before])
  expect(await settings()).toEqual(set)
})

test('a schedule that is not there is told with those that are', async () => {
  const { bot } = await openClock()
  await expect(bot.runSchedule('easter')).rejects.toThrow(
    /^no schedule is called easter; there is: (?=.*new year)(?=.*eclipse).*dusk/,
  )
  const kiosk = await openBot({ handlers: new URL('bots/kiosk.js', import.meta.url) })
  onTestFinished(() => kiosk.close())
  await expect(kiosk.runSchedule('easter')).rejects.toThrow('no schedule is called easter; there are none')
})

test('a schedule that throws is tried five times, posts once, and rejects with what it threw', async () => {
  const { bot, anna, runs } = await openClock()
  const error = await bot.runSchedule('eclipse').catch((reason: Error) => reason)
  expect(error).toBeInstanceOf(ScheduleRunError)
  expect(String(error)).toMatch(/the schedule eclipse failed:\nError: the sun is late\n {4}at .*clock\.js/)
  expect([runs(), anna.chat()]).toEqual([5, 'Bot: it is dark'])
})

test('a schedule that throws once ends well', async () => {
  const { bot, anna } = await openClock()
  await bot.runSchedule('dusk')
  expect(anna.chat()).toBe('Bot: lamp 2')
})

test('a run that takes too long is told, with what explains it, and so is one that the end comes before', async () => {
  const { bot, anna } = await openClock({ environment: { STEP_MS: '600000' } })
  await expect(bot.runSchedule('new year', { withinMs: 500 })).rejects.toThrow(
    'the schedule new year did not end within 0.5 s',
  )
  await bot.killWorker()
  await expect(bot.runSchedule('dusk', { withinMs: 100 })).rejects.toThrow('No worker runs.')
  const run = expect(bot.runSchedule('dusk')).rejects.toThrow('had not ended when the bot was closed')
  await bot.close()
  await run
  await expect(bot.runSchedule('dusk')).rejects.toThrow('the bot is closed')
  expect(anna.chat()).toBe('Bot: the old year')
})
