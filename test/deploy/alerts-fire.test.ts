import { readFileSync } from 'node:fs'
import { setTimeout as lasts } from 'node:timers/promises'
import { createChatPauses, createKeys } from '@chatlane/lanes'
import { askRedisRoom } from '@chatlane/runtime'
import { until } from '@chatlane/test-kit'
import { expect, test } from 'vitest'
import { type OwnRedis, openOwnRedis } from '../e2e/own-redis.ts'
import type { ServiceName, ServiceProcess } from '../e2e/service-process.ts'
import { openStack, type Stack } from '../e2e/stack.ts'
import { pointWebhook, WEBHOOK_ENVIRONMENT } from '../e2e/webhook.ts'
import { openPrometheus } from './open-prometheus.ts'

const RULES = readFileSync(new URL('../../deploy/prometheus/alerts.yml', import.meta.url), 'utf8')
const ALERTS = Array.from(RULES.matchAll(/- alert: (\w+)/g), ([, name = '']) => name)
const BOT = '7001'
const PAUSED = 2001
const MOST_WAITING = 5
const FIRED_WITHIN_MS = 40_000

/** The same rules, but a minute is a second or two: scrapes come quickly here. */
function hurried(rules: string): string {
  return rules
    .replace(/\[(\d+)m\]/g, (_, minutes) => `[${2 * minutes}s]`)
    .replace(/offset (\d+)m/g, (_, minutes) => `offset ${2 * minutes}s`)
    .replace(/for: (\d+)m/g, (_, minutes) => `for: ${minutes}s`)
    .replace(/for: \d+s/g, 'for: 1s')
}

/** Who writes, and what can go wrong. */
interface Scene {
  stack: Stack
  redis: OwnRedis
  services: Record<ServiceName, ServiceProcess> & { secondWorker: ServiceProcess }
  /** So many people who never wrote before write once. */
  newcomersWrite(count: number): number[]
}

/** Provokes what each alert is for. What it returns ends the trouble. */
type Trouble = (scene: Scene) => undefined | (() => unknown) | Promise<undefined | (() => unknown)>

/** In an order in which none stands in another's way. */
const TROUBLES: Record<string, Trouble> = {
  ChatlaneDeadLetters({ stack, newcomersWrite }) {
    stack.telegram.addFault({ kind: 'refuse', method: 'sendMessage', description: 'Bad Request: odd' })
    newcomersWrite(1)
    return undefined
  },
  ChatlaneTooFastForTelegram({ stack, newcomersWrite }) {
    const fault = { kind: 'flood', method: 'sendMessage', probability: 1, retryAfterSeconds: 1 } as const
    const id = stack.telegram.addFault(fault)
    newcomersWrite(60)
    return () => stack.telegram.removeFault(id)
  },
  ChatlaneBotPaused({ stack, newcomersWrite }) {
    const fault = { kind: 'flood', method: 'sendMessage', probability: 1, retryAfterSeconds: 5 } as const
    const id = stack.telegram.addFault(fault)
    newcomersWrite(10)
    return () => stack.telegram.removeFault(id)
  },
  async ChatlaneRepliesRepeated({ stack, newcomersWrite }) {
    const hangUp = (count: number) => {
      for (const chatId of newcomersWrite(count))
        stack.telegram.addFault({ kind: 'hang-up', method: 'sendMessage', chatId, after: true })
    }
    // A series that begins has no increase yet.
    hangUp(2)
    await lasts(5000)
    hangUp(25)
    return undefined
  },
  async ChatlaneDeliveriesLate({ services, newcomersWrite }) {
    services.sender.child.kill('SIGSTOP')
    newcomersWrite(150)
    await lasts(8000)
    services.sender.child.kill('SIGCONT')
    return undefined
  },
  ChatlaneEventLoopBlocked({ services }) {
    const { child } = services.worker
    const isOver = { now: false }
    const stutter = async () => {
      while (!isOver.now) {
        child.kill('SIGSTOP')
        await lasts(700)
        child.kill('SIGCONT')
        await lasts(150)
      }
    }
    void stutter()
    return () => {
      isOver.now = true
    }
  },
  ChatlaneWorkersSaturated({ stack, newcomersWrite }) {
    const id = stack.model.faults.add({ kind: 'hang', at: 'text', afterChunks: 1 })
    newcomersWrite(12)
    return () => stack.model.faults.clear(id)
  },
  ChatlaneModelFails({ stack, newcomersWrite }) {
    const id = stack.model.faults.add({ preset: 'bad_gateway' })
    const writing = setInterval(() => newcomersWrite(1), 300)
    return () => {
      clearInterval(writing)
      stack.model.faults.clear(id)
    }
  },
  ChatlaneModelNotAsked({ stack, newcomersWrite }) {
    const id = stack.model.faults.add({ preset: 'no_credits' })
    const writing = setInterval(() => newcomersWrite(1), 300)
    return () => {
      clearInterval(writing)
      stack.model.faults.clear(id)
    }
  },
  async ChatlaneRedisNearlyFull({ redis }) {
    const { usedBytes } = await askRedisRoom(redis.redis)
    await redis.redis.config('SET', 'maxmemory', Math.round(usedBytes / 0.75))
    return () => redis.redis.config('SET', 'maxmemory', 0)
  },
  async ChatlaneServiceDown({ services }) {
    await services.secondWorker.kill()
    return undefined
  },
  async ChatlaneServiceMissing({ services }) {
    await services.sender.kill()
    return undefined
  },
  ChatlaneShedding({ stack }) {
    for (let n = 0; n < 5; n++) writeOnceMore(stack)
    return undefined
  },
  // Who is paused has waited for a minute by now, or soon has.
  ChatlaneUpdatesLate: () => undefined,
  ChatlaneNotReady({ redis }) {
    redis.freeze()
    return undefined
  },
}

test('each alert fires once its fault is provoked in a running installation', async () => {
  expect(Object.keys(TROUBLES).sort()).toEqual([...ALERTS].sort())
  const scene = await openScene()
  const { monitor, gateway, worker, secondWorker, sender } = scene.services
  const prometheus = await openPrometheus([gateway, worker, secondWorker, sender, monitor], hurried(RULES))
  const firing = async () =>
    (await prometheus.query('ALERTS{alertstate="firing"}')).map(({ labels }) => labels.alertname ?? '')
  // Services that start all at once may be slow at first.
  await until(async () => (await firing()).length === 0)
  await writeWhilePaused(scene)
  const unfired: string[] = []
  for (const [name, provoke] of Object.entries(TROUBLES)) {
    const end = await provoke(scene)
    const endsAt = performance.now() + FIRED_WITHIN_MS
    const hasFired = await until(async () => (await firing()).includes(name) || performance.now() > endsAt)
    await end?.()
    if (!hasFired || performance.now() > endsAt) unfired.push(name)
  }
  expect(unfired).toEqual([])
}, 600_000)

async function openScene(): Promise<Scene> {
  const redis = await openOwnRedis()
  const stack = await openStack({
    redis,
    environment: {
      MERGE_WINDOW_MS: '0',
      STREAMING: 'off',
      WORKER_CONCURRENCY: '4',
      BACKLOG_UPDATES_CHAT: String(MOST_WAITING),
      BUDGET_USD_PER_DAY: '100',
      OPENROUTER_IDLE_TIMEOUT_SECONDS: '20',
      OPENROUTER_BREAKER_FAULTS: '1000',
      ...WEBHOOK_ENVIRONMENT,
    },
    telegram: { answerDelayMs: [200, 300] },
  })
  const [gateway, worker, secondWorker, sender, monitor] = await Promise.all([
    stack.start('gateway'),
    stack.start('worker'),
    stack.start('worker'),
    stack.start('sender'),
    stack.start('monitor'),
  ])
  await pointWebhook(stack, [gateway])
  let nextUser = 3001
  return {
    stack,
    redis,
    services: { gateway, worker, secondWorker, sender, monitor },
    newcomersWrite(count) {
      const users = Array.from({ length: count }, () => nextUser++)
      for (const id of users) {
        stack.telegram.phone.createUser({ id })
        stack.telegram.phone.sendText({ from: id, text: 'a question' })
      }
      return users
    },
  }
}

/** Somebody whose chat an operator has paused writes as much as may wait. */
async function writeWhilePaused({ stack, redis }: Scene): Promise<void> {
  stack.telegram.phone.createUser({ id: PAUSED })
  const keys = createKeys({ prefix: redis.prefix, shards: 1 })
  await createChatPauses({ redis: redis.redis, keys }).pause({ botId: BOT, homeId: String(PAUSED) })
  for (let n = 0; n < MOST_WAITING; n++) writeOnceMore(stack)
}

function writeOnceMore({ telegram }: Stack): void {
  telegram.phone.sendText({ from: PAUSED, text: 'once more' })
}
