import { until } from '@chatlane/test-kit'
import { expect, test } from 'vitest'
import { readBotLoad } from '../src/bot-load.ts'
import { BOT, openLanes } from './open-lanes.ts'

test('chats that wait for a call are counted, and it is told that Telegram wants none of the bot, or fewer', async () => {
  const lanes = openLanes()
  const load = () => readBotLoad(lanes.redis, lanes.keys, BOT)
  expect(await load()).toEqual({ chatsInLine: 0, pausedMs: 0, isSlowed: false })
  for (const chat of ['1', '2', '3']) await lanes.post(chat, { id: 'a' })
  expect((await load()).chatsInLine).toBe(3)

  const pumps = await lanes.startPumps({ send: async () => ({ kind: 'flood', afterMs: 60_000 }) })
  await until(async () => (await load()).pausedMs > 0)
  await pumps.stop()
  const { chatsInLine, pausedMs, isSlowed } = await load()
  expect({ chatsInLine, isSlowed }).toEqual({ chatsInLine: 3, isSlowed: true })
  expect(pausedMs).toBeLessThanOrEqual(60_000)
})
