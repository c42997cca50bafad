/** The gateway's settings: the one place of this app that reads the environment. */
import { existsSync } from 'node:fs'
import { problemLine, readSettings } from '@chatlane/runtime'
import { botIdOf, defaultWebhookSecret } from '@chatlane/telegram'

/** One bot, as the gateway knows it. */
export interface GatewayBot {
  id: string
  token: string
  /** What Telegram must send with each update. */
  secret: string
}

/** The settings after validation. */
export type GatewayConfig = ReturnType<typeof readConfig>

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
      'TELEGRAM_WEBHOOK_SECRET',
      'PUBLIC_URL',
      'UPDATES',
      'DROP_PENDING_UPDATES',
      'BIND_HOST',
      'GATEWAY_PORT',
      'PORT',
      'API_PORT',
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
      if (found.UPDATES === 'webhook' && !found.PUBLIC_URL && !found.TELEGRAM_WEBHOOK_SECRET) {
        const expected = 'a secret, since UPDATES=webhook without PUBLIC_URL registers none'
        problems.push(problemLine({ name: 'TELEGRAM_WEBHOOK_SECRET', found: undefined, expected }))
      }
      if (found.API_PORT !== undefined) {
        const expected = 'nothing: this version has no Bot API door yet'
        problems.push(problemLine({ name: 'API_PORT', found: String(found.API_PORT), expected }))
      }
      return problems
    },
  )
  const tokens = [...new Set([settings.TELEGRAM_BOT_TOKEN ?? [], settings.TELEGRAM_BOT_TOKENS].flat())]
  const bots: GatewayBot[] = tokens.map((token) => ({
    id: botIdOf(token) ?? '',
    token,
    secret: settings.TELEGRAM_WEBHOOK_SECRET ?? defaultWebhookSecret(token),
  }))
  return {
    redisUrl: settings.REDIS_URL ?? '',
    redisPrefix: settings.REDIS_PREFIX,
    allowEviction: settings.REDIS_ALLOW_EVICTION,
    shards: settings.LANE_SHARDS,
    bots,
    apiRoot: settings.TELEGRAM_API_ROOT,
    publicUrl: settings.PUBLIC_URL,
    updates: settings.UPDATES ?? (settings.PUBLIC_URL ? 'webhook' : 'polling'),
    dropPending: settings.DROP_PENDING_UPDATES,
    host: settings.BIND_HOST,
    port: settings.GATEWAY_PORT ?? settings.PORT ?? 3000,
    logLevel: settings.LOG_LEVEL,
  }
}
