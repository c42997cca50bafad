import { readTally } from '@chatlane/runtime'
import { until } from '@chatlane/test-kit'
import { expect, test } from 'vitest'
import { CROWD_PROMPT, type Crowd, everyoneAnswered, gatherCrowd, judgeCrowd, letCrowdTalk } from './crowd.ts'
import { heldWork } from './held-work.ts'
import type { ServiceName, ServiceProcess } from './service-process.ts'
import { openStack, type Stack } from './stack.ts'
import { pointWebhook, WEBHOOK_ENVIRONMENT } from './webhook.ts'

const KILLS_OF_EACH = 20
const CROWD: Crowd = { chats: 100, messages: 60, pauseMs: [1500, 3500] }

test('nothing is lost or disordered while every kind of process is killed again and again', async () => {
  const stack = await openStack({
    environment: {
      MERGE_WINDOW_MS: '0',
      SYSTEM_PROMPT: CROWD_PROMPT,
      CONTEXT_MAX_TOKENS: '1000000',
      TELEGRAM_LIMIT_PER_SECOND: '200',
      TELEGRAM_LIMIT_CHAT_PER_SECOND: '5',
      ...WEBHOOK_ENVIRONMENT,
    },
    telegram: {
      limits: { botPerSecond: 200, chatPerSecond: 5, enforce: true },
      answerDelayMs: [20, 200],
      webhookRetryBaseMs: 100,
      doubleWithinMs: 50,
      keepMessages: 1000,
    },
    model: { firstTokenMs: [50, 150], totalMs: [200, 3000], keepRequests: 100_000 },
  })
  gatherCrowd(stack, CROWD)
  const gateways = await Promise.all([stack.start('gateway'), stack.start('gateway')])
  await pointWebhook(stack, gateways)
  const slots = {
    gateway: gateways,
    worker: await Promise.all([1, 2, 3].map(() => stack.start('worker'))),
    sender: await Promise.all([1, 2].map(() => stack.start('sender'))),
  }
  const talk = letCrowdTalk(stack, CROWD)
  const kills = Promise.all(
    (['gateway', 'worker', 'sender'] as const).map((name) => killAgainAndAgain(stack, name, slots[name])),
  )
  await Promise.all([talk, kills])
  await everyoneAnswered(stack, CROWD, 120_000)

  const findings = judgeCrowd(stack, CROWD)
  expect(findings.lost).toEqual([])
  expect(findings.wrong).toEqual([])
  const tally = await readTally(stack.redis.redis, [`${stack.redis.prefix}:{s0}:tally`])
  // Whatever came twice is counted. What was handed over by a sender that died may have been lost on its way: then one
  // more is counted than anyone sees.
  expect(findings.repeated + findings.begun).toBeLessThanOrEqual(
    tally.get('chatlane_deliveries_repeated_total{bot="7001"}') ?? 0,
  )
  const [ledger] = stack.telegram.ledger().bots
  expect(ledger?.overLimit).toEqual({ bot: 0, paid: 0, private: 0, group: 0, actions: 0 })
}, 480_000)

/** Kills a process of the kind each time one is seen to hold work, and starts another in its place. */
async function killAgainAndAgain(stack: Stack, name: ServiceName, slots: ServiceProcess[]): Promise<void> {
  for (let kill = 0; kill < KILLS_OF_EACH; kill++) {
    const index = await until(async () => {
      const held = await Promise.all(slots.map((service) => heldWork(service)))
      const busy = held.findIndex((count) => count > 0)
      return busy < 0 ? undefined : { busy }
    })
    const victim = slots[index.busy]
    if (!victim) throw new Error('nobody to kill')
    const port = new URL(await victim.address).port
    await victim.kill()
    slots[index.busy] = await stack.start(name, name === 'gateway' ? { GATEWAY_PORT: port } : {})
  }
}
