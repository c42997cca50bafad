/** The gateway's settings: the one place of this app that reads the environment. */
import { existsSync } from 'node:fs'
import {
  BOT_SETTINGS,
  botSettingProblems,
  botTokens,
  handlerFiles,
  handlerProblems,
  LIMIT_SETTINGS,
  limitsOfBots,
  missingSettings,
  problemLine,
  readSettings,
  SERVICE_SETTINGS,
  serviceConfig,
} from '@chatlane/runtime'
import { ALL_UPDATES, ALLOWED_UPDATES, defaultWebhookSecret } from '@chatlane/telegram'
import { createAddressList } from './address-list.ts'

const BACKLOG_SETTINGS = [
  'BACKLOG_UPDATES',
  'BACKLOG_UPDATES_BOT',
  'BACKLOG_UPDATES_CHAT',
  'BACKLOG_BYTES_CHAT',
] as const

/** One bot, as the gateway knows it. */
export interface GatewayBot {
  id: string
  token: string
  /** What Telegram must send with each update. */
  secret: string
  /** The kinds of updates that are asked for. */
  allowedUpdates: readonly string[]
}

/** Reads the environment and `.env`. Throws a ConfigurationError with one line per problem. */
export function readConfig() {
  if (existsSync('.env')) process.loadEnvFile('.env')
  const settings = readSettings(
    process.env,
    [
      ...SERVICE_SETTINGS,
      ...BOT_SETTINGS,
      'TELEGRAM_WEBHOOK_SECRET',
      'WEBHOOK_SOURCES',
      'TRUSTED_PROXIES',
      'PUBLIC_URL',
      'UPDATES',
      'DROP_PENDING_UPDATES',
      'ALLOWED_UPDATES',
      'HANDLERS',
      'GATEWAY_PORT',
      'PORT',
      'API_PORT',
      'API_HOST',
      ...BACKLOG_SETTINGS,
      ...LIMIT_SETTINGS,
    ],
    (found) => {
      const problems = [
        ...missingSettings(found),
        ...handlerProblems(found),
        ...botSettingProblems(process.env, botTokens(found).keys()),
      ]
      if (found.UPDATES === 'webhook' && !found.PUBLIC_URL && !found.TELEGRAM_WEBHOOK_SECRET) {
        const expected = 'a secret, since UPDATES=webhook without PUBLIC_URL registers none'
        problems.push(problemLine({ name: 'TELEGRAM_WEBHOOK_SECRET', found: undefined, expected }))
      }
      return problems
    },
  )
  const handlers = handlerFiles(settings)
  const wanted = (id: string) => (handlers.has(id) ? ALL_UPDATES : ALLOWED_UPDATES)
  const chosen = settings.ALLOWED_UPDATES
  const bots: GatewayBot[] = [...botTokens(settings)].map(([id, token]) => ({
    id,
    token,
    secret: settings.TELEGRAM_WEBHOOK_SECRET ?? defaultWebhookSecret(token),
    allowedUpdates: chosen.length > 0 ? chosen : wanted(id),
  }))
  return {
    ...serviceConfig(settings),
    bots,
    handlers,
    apiRoot: settings.TELEGRAM_API_ROOT,
    isSource: createAddressList(settings.WEBHOOK_SOURCES),
    trustedProxies: settings.TRUSTED_PROXIES,
    publicUrl: settings.PUBLIC_URL,
    updates: settings.UPDATES ?? (settings.PUBLIC_URL ? 'webhook' : 'polling'),
    dropPending: settings.DROP_PENDING_UPDATES,
    port: settings.GATEWAY_PORT ?? settings.PORT ?? 3000,
    apiPort: settings.API_PORT,
    apiHost: settings.API_HOST,
    limits: limitsOfBots(process.env, settings),
    laneBounds: { mostItems: settings.BACKLOG_UPDATES_CHAT, mostBytes: settings.BACKLOG_BYTES_CHAT },
    backlogBounds: { ofAll: settings.BACKLOG_UPDATES, ofBot: settings.BACKLOG_UPDATES_BOT },
  }
}
