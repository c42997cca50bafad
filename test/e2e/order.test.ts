import { expect, test } from 'vitest'
import { CROWD_PROMPT, type Crowd, everyoneAnswered, gatherCrowd, judgeCrowd, letCrowdTalk } from './crowd.ts'
import { openStack } from './stack.ts'
import { pointWebhook, WEBHOOK_ENVIRONMENT } from './webhook.ts'

/** Budgets wide enough that the run measures order, not patience; the simulator enforces the same. */
const LIMITS = {
  TELEGRAM_LIMIT_PER_SECOND: '200',
  TELEGRAM_LIMIT_CHAT_PER_SECOND: '5',
}
const CROWD: Crowd = { chats: 200, messages: 10, pauseMs: [200, 1200] }

async function runCrowd(quietMs: number) {
  const stack = await openStack({
    environment: {
      MERGE_WINDOW_MS: String(quietMs),
      SYSTEM_PROMPT: CROWD_PROMPT,
      CONTEXT_MAX_TOKENS: '100000',
      ...WEBHOOK_ENVIRONMENT,
      WORKER_CONCURRENCY: '80',
      ...LIMITS,
    },
    telegram: {
      limits: { botPerSecond: 200, chatPerSecond: 5, enforce: true },
      doubleWithinMs: 50,
      keepMessages: 1000,
    },
    model: { firstTokenMs: [50, 150], totalMs: [200, 3000], keepRequests: 100_000 },
  })
  gatherCrowd(stack, CROWD)
  const gateways = await Promise.all([stack.start('gateway'), stack.start('gateway')])
  await pointWebhook(stack, gateways)
  await Promise.all([
    ...[1, 2, 3].map(() => stack.start('worker')),
    ...[1, 2].map(() => stack.start('sender')),
  ])
  await letCrowdTalk(stack, CROWD)
  await everyoneAnswered(stack, CROWD, 120_000)
  return { stack, findings: judgeCrowd(stack, CROWD) }
}

const FAULTLESS = { lost: [], told: [], repeated: 0, begun: 0, wrong: [] }

test('200 chats with 10 messages each: every message answered once, in order, with its context', async () => {
  const { stack, findings } = await runCrowd(0)
  expect(findings).toEqual({ ...FAULTLESS, slowestMs: expect.any(Number) })
  const [ledger] = stack.telegram.ledger().bots
  expect(ledger?.sends.posted).toBe(CROWD.chats * CROWD.messages)
  expect(ledger?.updates.duplicates).toBeGreaterThan(CROWD.chats)
  expect(ledger?.overLimit).toEqual({ bot: 0, paid: 0, private: 0, group: 0, actions: 0 })
}, 240_000)

test('the same with a quiet window of 300 ms: every message is in exactly one turn, in order', async () => {
  const { stack, findings } = await runCrowd(300)
  expect(findings).toEqual({ ...FAULTLESS, slowestMs: expect.any(Number) })
  const [ledger] = stack.telegram.ledger().bots
  expect(ledger?.overLimit).toEqual({ bot: 0, paid: 0, private: 0, group: 0, actions: 0 })
}, 240_000)
