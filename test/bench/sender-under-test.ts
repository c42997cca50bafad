/** The product's sender over an emptied Redis, with Telegram's simulator in a process of its own. */
import type { TelegramLedger, TelegramSimulatorOptions } from '@chatlane/simulators'
import { Redis } from 'ioredis'
import { cpuOf } from './cpu-of.ts'
import { endRole, startService, startTelegram } from './measured-process.ts'
import { redisCpu } from './pipeline.ts'

/** The bot of every run. */
export const BOT = '7001'
/** Its token. */
export const TOKEN = `${BOT}:AAtoken-of-the-benchmark`
/** The prefix of its keys. */
export const PREFIX = 'bench'

/** What a sender has cost so far, and what it has brought about. */
export interface Spent {
  atMs: number
  senderMicros: number
  redisMicros: number
  /** Messages that the simulator has seen posted, and edited. */
  posted: number
  edited: number
  /** 429s, and calls that Telegram would have found too many. */
  floods: number
  overLimit: number
}

/** A sender that runs. */
export interface SenderUnderTest {
  redis: Redis
  pid: number
  spent(): Promise<Spent>
  /** Resolves with what was spent once `isEnough` says so; asks every 50 ms. */
  spentOnce(isEnough: (spent: Spent) => boolean): Promise<Spent>
  end(): Promise<void>
}

/** Telegram's simulator with the bot, in a process of its own. */
export async function startBenchTelegram(options: TelegramSimulatorOptions) {
  const bots = [{ token: TOKEN, username: 'bench_bot', firstName: 'Bench' }]
  const role = startTelegram({ bots, keepMessages: 2, ...options })
  const { url } = (await role.ready) as { url: string }
  const counts = async () => {
    const answer = await fetch(`${url}/sim/ledger`)
    const [ledger] = ((await answer.json()) as { result: TelegramLedger }).result.bots
    if (!ledger) throw new Error('the simulator has no bot')
    const { posted, edited } = ledger.sends
    const overLimit = Object.values(ledger.overLimit).reduce((sum, count) => sum + count, 0)
    return { posted, edited, floods: ledger.floods, overLimit }
  }
  return { url, counts, end: () => endRole(role) }
}

/** Starts both. `environment`: what the sender is told beside where Redis and Telegram are. */
export async function startSenderUnderTest(options: {
  url: string
  telegram?: TelegramSimulatorOptions
  environment?: Record<string, string>
  nodeArgs?: readonly string[]
}): Promise<SenderUnderTest> {
  const redis = new Redis(options.url)
  await redis.flushall()
  const telegram = await startBenchTelegram(options.telegram ?? {})
  const environment = {
    REDIS_URL: options.url,
    REDIS_PREFIX: PREFIX,
    TELEGRAM_BOT_TOKEN: TOKEN,
    TELEGRAM_API_ROOT: telegram.url,
    ...options.environment,
  }
  const sender = startService('sender', environment, options.nodeArgs)
  await sender.ready
  const pid = sender.child.pid ?? 0
  const spent = async (): Promise<Spent> => {
    const senderMicros = cpuOf(pid) * 1000
    const [redisMicros, counts] = await Promise.all([redisCpu(redis), telegram.counts()])
    return { atMs: performance.now(), senderMicros, redisMicros, ...counts }
  }
  return {
    redis,
    pid,
    spent,
    async spentOnce(isEnough) {
      for (;;) {
        const now = await spent()
        if (isEnough(now)) return now
        if (sender.child.exitCode !== null) throw new Error('the sender ended')
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    },
    async end() {
      // SIGTERM, so that a profile is written.
      const ended = new Promise((resolve) => sender.child.once('exit', resolve))
      sender.child.kill('SIGTERM')
      await ended
      await telegram.end()
      redis.disconnect()
    },
  }
}
