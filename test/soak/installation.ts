/** A whole installation outside of any test: one process of each service, between simulators, over a Redis of its own. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startRedisServer } from '@chatlane/embedded-redis'
import {
  createOpenRouterSimulator,
  createTelegramSimulator,
  type OpenRouterSimulator,
  type TelegramSimulator,
} from '@chatlane/simulators'
import { endRole, type Role, startService } from '../bench/measured-process.ts'

type Name = 'gateway' | 'worker' | 'sender'

/** What is measured. */
export interface Installation {
  telegram: TelegramSimulator
  model: OpenRouterSimulator
  services: Readonly<Record<Name, Role>>
  /** What was alive in the service, in MiB, each half minute since it began. */
  alive(name: Name): number[]
  stop(): Promise<void>
}

/** The bots; who has many chats speaks with the first ones. */
export const BOTS = [7301, 7302]
const TOKENS = BOTS.map((id) => `${id}:AAtoken-of-a-bot-under-load`)
const SECRET = 'a-secret-under-load'
const WIDE = '100000'

/** Starts it. Telegram's budgets are wide: what is looked for is where the processes themselves are at their end. */
export async function openInstallation(): Promise<Installation> {
  const redis = await startRedisServer({ args: ['--appendonly', 'no'] })
  const telegram = await createTelegramSimulator({
    bots: TOKENS.map((token, i) => ({ token, username: `load_${i}_bot`, firstName: 'Load' })),
    limits: { botPerSecond: +WIDE, chatPerSecond: +WIDE, chatBurst: +WIDE },
    keepMessages: 20,
    keepUpdates: 10,
  })
  const model = await createOpenRouterSimulator({
    answers: 'echo',
    firstTokenMs: [20, 50],
    totalMs: [50, 150],
    keepRequests: 10,
    creditsUsd: 1e9,
  })
  const environment = {
    REDIS_URL: redis.url,
    TELEGRAM_BOT_TOKENS: TOKENS.join(','),
    TELEGRAM_API_ROOT: telegram.url,
    TELEGRAM_WEBHOOK_SECRET: SECRET,
    TELEGRAM_LIMIT_PER_SECOND: WIDE,
    TELEGRAM_LIMIT_CHAT_PER_SECOND: WIDE,
    UPDATES: 'webhook',
    GATEWAY_PORT: '0',
    OPENROUTER_API_KEY: 'sk-or-v1-under-load',
    OPENROUTER_BASE_URL: model.url,
    BUDGET_USD_PER_DAY: '1000000',
    CONTEXT_MAX_TOKENS: '1000',
    SUMMARY_MODEL: 'off',
    MERGE_WINDOW_MS: '0',
    LOG_LEVEL: 'info',
    // As in the image.
    MALLOC_ARENA_MAX: '2',
  }
  const folder = mkdtempSync(join(tmpdir(), 'soak-'))
  const aliveFile = (name: Name) => join(folder, name)
  const start = (name: Name) => {
    writeFileSync(aliveFile(name), '')
    return startService(name, { ...environment, LIVE_MEMORY_FILE: aliveFile(name) }, [
      '--expose-gc',
      `--import=${new URL('./live-memory.ts', import.meta.url)}`,
    ])
  }
  const services = { gateway: start('gateway'), worker: start('worker'), sender: start('sender') }
  const [{ address }] = await Promise.all([
    services.gateway.ready,
    services.worker.ready,
    services.sender.ready,
  ])
  for (const token of TOKENS) {
    const url = `${address}/telegram/${token.split(':')[0]}`
    const answer = await fetch(`${telegram.url}/bot${token}/setWebhook`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ url, secret_token: SECRET, max_connections: 100 }),
    })
    if (!answer.ok) throw new Error(`setWebhook came to ${answer.status}`)
  }
  return {
    telegram,
    model,
    services,
    alive: (name) => readFileSync(aliveFile(name), 'utf8').split('\n').filter(Boolean).map(Number),
    async stop() {
      await Promise.all(Object.values(services).map(endRole))
      await Promise.all([telegram.close(), model.close()])
      await redis.stop()
      rmSync(folder, { recursive: true })
    },
  }
}
