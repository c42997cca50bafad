/** How late authors' calls reach Telegram, beside plain Telegraf's; and how soon a tap is answered under full load. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import {
  createOpenRouterSimulator,
  createTelegramSimulator,
  type TelegramSimulator,
} from '@chatlane/simulators'
import { Redis } from 'ioredis'
import { startService } from './measured-process.ts'
import { PREFIX, TOKEN } from './sender-under-test.ts'

/** Times in ms. */
export interface Lateness {
  p50: number
  p99: number
  count: number
}

const FILE = fileURLToPath(new URL('bots/stamping.mjs', import.meta.url))
const FIRST_USER = 1001
const API_KEY = 'sk-or-v1-benchmark'
const WIDE = 1_000_000

/** Resolves when `performance.now()` has come to `dueAt`. */
async function sleepUntil(dueAt: number): Promise<void> {
  const ms = dueAt - performance.now()
  if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms))
}

function latenessOf(times: number[]): Lateness {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
  return { p50: at(0.5), p99: at(0.99), count: sorted.length }
}

async function startTelegram(users: number): Promise<TelegramSimulator> {
  const telegram = await createTelegramSimulator({
    bots: [{ token: TOKEN, username: 'bench_bot', firstName: 'Bench' }],
    keepMessages: 4,
    answerDelayMs: [10, 30],
    limits: { botPerSecond: WIDE, chatPerSecond: WIDE, chatBurst: WIDE, groupPerMinute: WIDE },
  })
  for (let i = 0; i < users; i++) telegram.phone.createUser({ id: FIRST_USER + i })
  return telegram
}

/** Starts the bot as plain Telegraf or on the platform; resolves with what ends it. */
async function startBot(
  side: 'plain' | 'chatlane',
  { url, apiRoot, modelUrl }: { url: string; apiRoot: string; modelUrl: string },
): Promise<() => Promise<void>> {
  const environment = {
    PATH: process.env.PATH ?? '',
    TELEGRAM_BOT_TOKEN: TOKEN,
    TELEGRAM_API_ROOT: apiRoot,
    REDIS_URL: url,
    REDIS_PREFIX: PREFIX,
    HANDLERS: FILE,
    OPENROUTER_API_KEY: API_KEY,
    OPENROUTER_BASE_URL: modelUrl,
    TELEGRAM_LIMIT_PER_SECOND: '5000',
    TELEGRAM_LIMIT_CHAT_PER_SECOND: '1000',
    GATEWAY_PORT: '0',
    LOG_LEVEL: 'warn',
  }
  if (side === 'plain') {
    const child = spawn(process.execPath, [FILE], { env: environment, stdio: 'inherit' })
    return async () => void child.kill('SIGKILL')
  }
  const redis = new Redis(url)
  await redis.flushall()
  redis.disconnect()
  const roles = (['gateway', 'worker', 'sender'] as const).map((name) =>
    startService(name, { ...environment, LOG_LEVEL: 'info' }),
  )
  await Promise.all(roles.map(({ ready }) => ready))
  return async () => {
    for (const { child, report } of roles) {
      report.catch(() => undefined)
      child.kill('SIGKILL')
    }
  }
}

/** From a handler's call to its arrival at Telegram, at so many calls a second. */
export async function runCallLateness(options: {
  url: string
  side: 'plain' | 'chatlane'
  perSecond: number
  seconds: number
}): Promise<Lateness> {
  const users = options.perSecond * 2
  const telegram = await startTelegram(users)
  const late: number[] = []
  telegram.on('call', (event) => {
    if (event.method !== 'sendMessage') return
    const calledAt = Number(/^called at ([\d.]+)$/.exec(String(event.params.text))?.[1])
    if (calledAt > 0) late.push(event.arrivedAtMs - calledAt)
  })
  const end = await startBot(options.side, { ...options, apiRoot: telegram.url, modelUrl: telegram.url })
  try {
    telegram.phone.sendText({ from: FIRST_USER, text: 'call first' })
    await telegram.waitUntil(() => late.length > 0, 30_000)
    late.length = 0
    const total = options.perSecond * options.seconds
    const beganAt = performance.now()
    for (let n = 0; n < total; n++) {
      const dueAt = beganAt + (n * 1000) / options.perSecond
      await sleepUntil(dueAt)
      telegram.phone.sendText({ from: FIRST_USER + (n % users), text: `call ${n}` })
    }
    await telegram.waitUntil(() => late.length >= total, 60_000)
    return latenessOf(late)
  } finally {
    await end()
    await telegram.close()
  }
}

/** From a tap to the arrival of its answer at Telegram, while every chat has a reply of a minute under way. */
export async function runTapLateness(options: {
  url: string
  chats: number
  perSecond: number
  seconds: number
}): Promise<Lateness> {
  const { chats, perSecond, seconds } = options
  const telegram = await startTelegram(chats)
  const model = await createOpenRouterSimulator({
    apiKeys: [API_KEY],
    firstTokenMs: [200, 500],
    totalMs: [60_000, 61_000],
    answers: () => 'A long answer, word by word. '.repeat(100),
  })
  const tappedAt = new Map<string, number>()
  const late: number[] = []
  telegram.on('call', (event) => {
    if (event.method !== 'answerCallbackQuery') return
    const at = tappedAt.get(String(event.params.callback_query_id))
    if (at !== undefined) late.push(event.arrivedAtMs - at)
  })
  const end = await startBot('chatlane', { url: options.url, apiRoot: telegram.url, modelUrl: model.url })
  try {
    const menus = new Map<number, number>()
    telegram.on('message', (event) => {
      if (event.message.text === 'menu') menus.set(event.chatId, event.message.message_id)
    })
    const everyone = Array.from({ length: chats }, (_, i) => FIRST_USER + i)
    for (const from of everyone) telegram.phone.sendText({ from, text: '/menu' })
    await telegram.waitUntil(() => menus.size === chats, 60_000)
    for (const from of everyone) telegram.phone.sendText({ from, text: 'ask something long' })
    await telegram.waitUntil(() => model.requests().length >= Math.min(chats, 100), 60_000)
    const total = perSecond * seconds
    const beganAt = performance.now()
    for (let n = 0; n < total; n++) {
      const dueAt = beganAt + (n * 1000) / perSecond
      await sleepUntil(dueAt)
      const from = FIRST_USER + (n % chats)
      const at = performance.timeOrigin + performance.now()
      tappedAt.set(telegram.phone.pressButton({ from, messageId: menus.get(from) ?? 0, data: 'tap' }), at)
    }
    await telegram.waitUntil(() => late.length >= total, 60_000)
    return latenessOf(late)
  } finally {
    await end()
    await Promise.all([telegram.close(), model.close()])
  }
}
