/** The gateway's settings: the one place of this app that reads the environment. */
import { existsSync } from 'node:fs'
import {
  BOT_SETTINGS,
  botTokens,
  missingSettings,
  problemLine,
  readSettings,
  SERVICE_SETTINGS,
  serviceConfig,
} from '@chatlane/runtime'
import { defaultWebhookSecret } from '@chatlane/telegram'

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
      ...SERVICE_SETTINGS,
      ...BOT_SETTINGS,
      'TELEGRAM_WEBHOOK_SECRET',
      'PUBLIC_URL',
      'UPDATES',
      'DROP_PENDING_UPDATES',
      'GATEWAY_PORT',
      'PORT',
      'API_PORT',
    ],
    (found) => {
      const problems = missingSettings(found)
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
  const bots: GatewayBot[] = [...botTokens(settings)].map(([id, token]) => ({
    id,
    token,
    secret: settings.TELEGRAM_WEBHOOK_SECRET ?? defaultWebhookSecret(token),
  }))
  return {
    ...serviceConfig(settings),
    bots,
    apiRoot: settings.TELEGRAM_API_ROOT,
    publicUrl: settings.PUBLIC_URL,
    updates: settings.UPDATES ?? (settings.PUBLIC_URL ? 'webhook' : 'polling'),
    dropPending: settings.DROP_PENDING_UPDATES,
    port: settings.GATEWAY_PORT ?? settings.PORT ?? 3000,
  }
}
