/** The sender's settings: the one place of this app that reads the environment. */
import { existsSync } from 'node:fs'
import { problemLine, readSettings } from '@chatlane/runtime'
import { botIdOf } from '@chatlane/telegram'

/** The settings after validation. */
export type SenderConfig = ReturnType<typeof readConfig>

/** A private chat takes so many calls at once before its refill counts (contract, table of budgets). */
const CHAT_BURST = 3

/** Reads the environment and `.env`. Throws a ConfigurationError with one line per problem. */
export function readConfig() {
  if (existsSync('.env')) process.loadEnvFile('.env')
  const settings = readSettings(
    process.env,
    [
      'REDIS_URL',
      'REDIS_PREFIX',
      'REDIS_ALLOW_EVICTION',
      'LANE_SHARDS',
      'TELEGRAM_BOT_TOKEN',
      'TELEGRAM_BOT_TOKENS',
      'TELEGRAM_API_ROOT',
      'TELEGRAM_LIMIT_PER_SECOND',
      'TELEGRAM_LIMIT_CHAT_PER_SECOND',
      'TELEGRAM_LIMIT_GROUP_PER_MINUTE',
      'BIND_HOST',
      'SENDER_METRICS_PORT',
      'LOG_LEVEL',
    ],
    (found) => {
      const problems: string[] = []
      if (!found.REDIS_URL)
        problems.push(problemLine({ name: 'REDIS_URL', found: undefined, expected: 'the address of Redis' }))
      if (!found.TELEGRAM_BOT_TOKEN && found.TELEGRAM_BOT_TOKENS.length === 0) {
        problems.push(
          problemLine({ name: 'TELEGRAM_BOT_TOKEN', found: undefined, expected: "a bot's token" }),
        )
      }
      return problems
    },
  )
  const tokens = [...new Set([settings.TELEGRAM_BOT_TOKEN ?? [], settings.TELEGRAM_BOT_TOKENS].flat())]
  return {
    redisUrl: settings.REDIS_URL ?? '',
    redisPrefix: settings.REDIS_PREFIX,
    allowEviction: settings.REDIS_ALLOW_EVICTION,
    shards: settings.LANE_SHARDS,
    tokens: new Map(tokens.map((token) => [botIdOf(token) ?? '', token])),
    apiRoot: settings.TELEGRAM_API_ROOT,
    limits: {
      botPerSecond: settings.TELEGRAM_LIMIT_PER_SECOND ?? 30,
      chatPerSecond: settings.TELEGRAM_LIMIT_CHAT_PER_SECOND ?? 1,
      chatBurst: CHAT_BURST,
      groupPerMinute: settings.TELEGRAM_LIMIT_GROUP_PER_MINUTE,
    },
    host: settings.BIND_HOST,
    metricsPort: settings.SENDER_METRICS_PORT ?? 0,
    logLevel: settings.LOG_LEVEL,
  }
}
