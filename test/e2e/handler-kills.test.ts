import { fileURLToPath } from 'node:url'
import { readTally } from '@chatlane/runtime'
import { until } from '@chatlane/test-kit'
import { expect, test } from 'vitest'
import { heldWork } from './held-work.ts'
import type { ServiceProcess } from './service-process.ts'
import { openStack, type Stack } from './stack.ts'

const CHATS = 40
const MESSAGES = 15
const WORKER_KILLS = 12
const SENDER_KILLS = 6
const FIRST_USER = 1001

test('handlers on four workers: every update runs through, in order, its session counts it once, while workers and senders are killed', async () => {
  const stack = await openStack({
    environment: {
      HANDLERS: fileURLToPath(new URL('bots/steps.mjs', import.meta.url)),
      ASSISTANT: 'off',
      TELEGRAM_LIMIT_PER_SECOND: '200',
      TELEGRAM_LIMIT_CHAT_PER_SECOND: '10',
    },
    telegram: {
      limits: { botPerSecond: 200, chatPerSecond: 10, enforce: true },
      answerDelayMs: [10, 60],
      keepMessages: 1000,
    },
  })
  for (let i = 0; i < CHATS; i++) stack.telegram.phone.createUser({ id: FIRST_USER + i })
  await stack.start('gateway')
  const workers = await Promise.all([1, 2, 3, 4].map(() => stack.start('worker')))
  const senders = await Promise.all([1, 2].map(() => stack.start('sender')))
  await Promise.all([
    talk(stack),
    killAgainAndAgain(stack, workers, WORKER_KILLS),
    killAgainAndAgain(stack, senders, SENDER_KILLS),
  ])
  await stack.telegram.waitUntil(
    () => everyone().every((user) => said(stack, user).includes(`m${MESSAGES} done`)),
    120_000,
  )

  let surplus = 0
  for (const user of everyone()) {
    const texts = said(stack, user)
    const unlike = texts.filter((text) => !/^m\d+ (?:is number \d+|done)$/.test(text))
    const distinct = [...new Set(texts.filter((text) => !unlike.includes(text)))]
    expect(distinct).toEqual(
      Array.from({ length: MESSAGES }, (_, n) => [`m${n + 1} is number ${n + 1}`, `m${n + 1} done`]).flat(),
    )
    surplus += texts.length - distinct.length
  }
  const tally = await readTally(stack.redis.redis, [`${stack.redis.prefix}:{s0}:tally`])
  expect(surplus).toBeLessThanOrEqual(tally.get('chatlane_deliveries_repeated_total{bot="7001"}') ?? 0)
  expect(tally.get('chatlane_handler_reruns_total{bot="7001"}')).toBeGreaterThan(0)
  expect(tally.get('chatlane_handler_reruns_diverged_total{bot="7001"}') ?? 0).toBe(0)
  const [ledger] = stack.telegram.ledger().bots
  expect(ledger?.overLimit).toEqual({ bot: 0, paid: 0, private: 0, group: 0, actions: 0 })
}, 300_000)

const everyone = () => Array.from({ length: CHATS }, (_, i) => FIRST_USER + i)

function said(stack: Stack, user: number): string[] {
  return stack.telegram
    .messages(user)
    .filter(({ by }) => by === 'bot')
    .map(({ message }) => message.text ?? '')
}

/** Everyone says their messages at their own pace. */
async function talk(stack: Stack): Promise<void> {
  const one = async (from: number) => {
    for (let n = 1; n <= MESSAGES; n++) {
      stack.telegram.phone.sendText({ from, text: `m${n}` })
      await new Promise((resolve) => setTimeout(resolve, 500 + Math.random() * 2000))
    }
  }
  await Promise.all(everyone().map(one))
}

/** Kills a process each time that one is seen to hold work, and starts another in its place. */
async function killAgainAndAgain(stack: Stack, slots: ServiceProcess[], kills: number): Promise<void> {
  for (let kill = 0; kill < kills; kill++) {
    const { busy } = await until(async () => {
      const held = await Promise.all(slots.map(heldWork))
      const index = held.findIndex((count) => count > 0)
      return index < 0 ? undefined : { busy: index }
    })
    const victim = slots[busy]
    if (!victim) throw new Error('nobody to kill')
    await victim.kill()
    slots[busy] = await stack.start(victim.name)
  }
}
