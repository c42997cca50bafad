/** The installation that chaos meets: many bots, two gateways, three workers, three senders, a monitor, a Redis of its own. */
import { CROWD_PROMPT } from '../e2e/crowd.ts'
import { type OwnRedis, openOwnRedis } from '../e2e/own-redis.ts'
import type { ServiceProcess } from '../e2e/service-process.ts'
import { openStack, type Stack } from '../e2e/stack.ts'
import { pointWebhook, WEBHOOK_ENVIRONMENT } from '../e2e/webhook.ts'
import { createSlots, type Slots, startArmed } from '../faults/slots.ts'
import type { Service } from './draw-round.ts'
import { type Edit, PLANTED } from './planted-bugs.ts'

const PROCESSES: Record<Service, number> = { gateway: 2, worker: 3, sender: 3 }
/** The bots: each has a budget and a pump of its own. */
export const BOTS = Array.from({ length: 10 }, (_, i) => 7201 + i)
const TOKENS = BOTS.map((id) => `${id}:AAtest-token-of-a-bot-in-chaos`)
/** Into so many shards the lanes are divided. */
export const SHARDS = 3

/** An installation in which everything can be disturbed. */
export interface Installation {
  stack: Stack
  redis: OwnRedis
  slots: Record<Service, Slots>
  /** Where Bull Board is, with the right to change queues. */
  board: string
}

/**
 * Starts it; it ends with the test. `edits`: what is planted in its services, in all or by their index among their kind.
 * `isDeliveredOnce`: no update is delivered again once it was acknowledged.
 */
export async function openInstallation({
  edits = [],
  isDeliveredOnce = false,
}: {
  edits?: readonly Edit[] | ((index: number) => readonly Edit[])
  isDeliveredOnce?: boolean
} = {}): Promise<Installation> {
  const redis = await openOwnRedis()
  const stack = await openStack({
    redis,
    environment: {
      TELEGRAM_BOT_TOKEN: '',
      TELEGRAM_BOT_TOKENS: TOKENS.join(','),
      MERGE_WINDOW_MS: '0',
      SYSTEM_PROMPT: CROWD_PROMPT,
      CONTEXT_MAX_TOKENS: '1000000',
      BUDGET_USD_PER_DAY: '1000',
      OPENROUTER_MAX_CONCURRENT: '200',
      OPENROUTER_IDLE_TIMEOUT_SECONDS: '3',
      // That the breakers open is not what is looked at: then messages would be told of that no fault was meant for.
      OPENROUTER_BREAKER_FAULTS: '10000',
      LANE_SHARDS: String(SHARDS),
      MONITOR_WRITE: 'true',
      ...WEBHOOK_ENVIRONMENT,
    },
    telegram: {
      bots: TOKENS.map((token, i) => ({ token, username: `chaos_${i}_bot`, firstName: 'Chaos' })),
      limits: { enforce: true },
      answerDelayMs: [20, 100],
      webhookRetryBaseMs: 100,
      ...(!isDeliveredOnce && {
        doubleWithinMs: 50,
        deliveryFaults: { redeliverProbability: 0.1, redeliverAfterMs: [0, 5000] },
      }),
      keepEdits: 1,
    },
    model: { firstTokenMs: [50, 150], totalMs: [300, 2000], keepRequests: 5000 },
  })
  const editsOf = (index: number) => (typeof edits === 'function' ? edits(index) : edits)
  const preload = (index: number) => (editsOf(index).length > 0 ? plantedPreload(editsOf(index)) : {})
  const start = (name: Service) =>
    Promise.all(
      Array.from({ length: PROCESSES[name] }, (_, index) => startArmed(stack, name, preload(index))),
    )
  const services: Record<Service, ServiceProcess[]> = {
    gateway: await start('gateway'),
    worker: await start('worker'),
    sender: await start('sender'),
  }
  await pointWebhook(stack, services.gateway, TOKENS)
  const said = stack.running().flatMap(({ lines }) => lines)
  const missing = editsOf(0).find(({ file }) => !said.includes(`${PLANTED}${file}`))
  if (missing) throw new Error(`no process has read ${missing.file}`)
  const monitor = await stack.start('monitor')
  return {
    stack,
    redis,
    slots: {
      gateway: createSlots(stack, services.gateway, preload),
      worker: createSlots(stack, services.worker, preload),
      sender: createSlots(stack, services.sender, preload),
    },
    board: await monitor.address,
  }
}

function plantedPreload(edits: readonly Edit[]): Record<string, string> {
  return {
    NODE_OPTIONS: `--import=${new URL('./planted-process.ts', import.meta.url)}`,
    PLANTED_EDITS: JSON.stringify(edits),
  }
}
