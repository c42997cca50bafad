/** docs/from-telegraf.md as a run: one file of Telegraf goes in, step by step, and back out, while people talk to it. */
import { fileURLToPath } from 'node:url'
import { until } from '@chatlane/test-kit'
import { expect, test } from 'vitest'
import { startBotProcess } from './bot-process.ts'
import { countedRepeats } from './counted-repeats.ts'
import { openDoor } from './door.ts'
import { heldWork } from './held-work.ts'
import { startNumberedTalk, type Talkers } from './numbered-talk.ts'
import type { ServiceProcess } from './service-process.ts'
import { openStack, type Stack, TOKEN } from './stack.ts'

const BOT_FILE = fileURLToPath(new URL('bots/counter.mjs', import.meta.url))
const TALKERS: Talkers = { chats: 30, pauseMs: [200, 400] }
/** So many more answers to each chat show that a step has been taken. */
const SHOWN = 3
/** The plain bot knows no limits: what has waited for it is answered at once. */
const WIDE = { botPerSecond: 1000, chatPerSecond: 50, chatBurst: 50 }
/** What the platform must keep to, in Telegram's place and in the settings. */
const NARROW = { botPerSecond: 500, chatPerSecond: 20, chatBurst: 3 }

test('a Telegraf bot moves in and back out under load, and every message is answered', async () => {
  const stack = await openStack({
    environment: {
      TELEGRAM_LIMIT_PER_SECOND: String(NARROW.botPerSecond),
      TELEGRAM_LIMIT_CHAT_PER_SECOND: String(NARROW.chatPerSecond),
    },
    telegram: { limits: { ...WIDE, enforce: true }, answerDelayMs: [20, 100], webhookRetryBaseMs: 200 },
  })
  const talk = startNumberedTalk(stack, TALKERS)
  const plain = startBot(stack.telegram.url)
  await talk.goesOn(SHOWN)

  // 1. Only the sending: the API root.
  const [door, sender] = await Promise.all([openDoor(stack), stack.start('sender')])
  await plain.stop()
  stack.telegram.setLimits(NARROW)
  const sending = startBot(door.url)
  await talk.goesOn(SHOWN)

  // 2. The updates too: the webhook. The file still names the API root of step 1, which is closed now.
  await sending.stop()
  expect(await door.gateway.stop()).toBe(0)
  const movedInAtMs = Date.now()
  const { origin, port } = new URL(await door.gateway.address)
  const handlers = { HANDLERS: BOT_FILE, ASSISTANT: 'off', BOT_API_ROOT: door.url }
  const [gateway, worker] = await Promise.all([
    stack.start('gateway', { ...handlers, GATEWAY_PORT: port, PUBLIC_URL: origin }),
    stack.start('worker', handlers),
  ])
  await talk.goesOn(SHOWN)

  // 3. Several workers.
  const others = await Promise.all([1, 2, 3].map(() => stack.start('worker', handlers)))
  await talk.goesOn(SHOWN)
  await killBusy(worker)
  await killBusy(sender)
  const lastSender = await stack.start('sender')
  await talk.goesOn(SHOWN)

  // And back.
  const [lastWorker, ...leaving] = others
  expect(await Promise.all(leaving.map((each) => each.stop()))).toEqual([0, 0])
  await talk.goesOn(SHOWN)
  expect(await gateway.stop()).toBe(0)
  await drained(stack)
  expect(await lastWorker?.stop()).toBe(0)
  expect(await lastSender.stop()).toBe(0)
  const movedOutAtMs = Date.now()
  stack.telegram.setLimits(WIDE)
  const back = startBot(stack.telegram.url)
  await talk.goesOn(SHOWN)
  await talk.hush()
  await back.stop()

  const { lost, late, repeated, strange } = talk.judge()
  expect(lost).toEqual([])
  expect(strange).toEqual([])
  // Telegraf by itself handles the updates of one getUpdates side by side: it promises no order.
  expect(late.filter(({ atMs }) => atMs > movedInAtMs && atMs < movedOutAtMs)).toEqual([])
  // Telegraf that is stopped confirms what it has handled, so it repeats nothing: all repeats are the killed sender's.
  expect(repeated.length).toBe(await countedRepeats(stack))
  expect(stack.telegram.ledger().bots[0]).toMatchObject({
    refusals: {},
    overLimit: { bot: 0, private: 0 },
    updates: { dropped: 0, pending: 0 },
  })
}, 120_000)

function startBot(apiRoot: string) {
  return startBotProcess(BOT_FILE, { TELEGRAM_BOT_TOKEN: TOKEN, TELEGRAM_API_ROOT: apiRoot })
}

/** kill -9 in the middle of something. */
async function killBusy(service: ServiceProcess): Promise<void> {
  await until(() => heldWork(service))
  await service.kill()
}

/** Resolves when everything that was taken in has been answered and sent, as the monitor shows it to an operator. */
async function drained(stack: Stack): Promise<void> {
  const monitor = await stack.start('monitor')
  const address = await monitor.address
  await until(async () => {
    const metrics = await fetch(`${address}/metrics`).then((answer) => answer.text())
    return /^chatlane_lanes_waiting 0$/m.test(metrics) && /^chatlane_chats_with_deliveries 0$/m.test(metrics)
  })
  expect(await monitor.stop()).toBe(0)
}
