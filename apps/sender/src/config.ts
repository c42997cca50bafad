/** The sender's settings: the one place of this app that reads the environment. */
import { existsSync } from 'node:fs'
import {
  BOT_SETTINGS,
  botTokens,
  LIMIT_SETTINGS,
  missingSettings,
  readSettings,
  SERVICE_SETTINGS,
  serviceConfig,
  telegramLimits,
} from '@chatlane/runtime'

/** The settings after validation. */
export type SenderConfig = ReturnType<typeof readConfig>

/** Reads the environment and `.env`. Throws a ConfigurationError with one line per problem. */
export function readConfig() {
  if (existsSync('.env')) process.loadEnvFile('.env')
  const settings = readSettings(
    process.env,
    [...SERVICE_SETTINGS, ...BOT_SETTINGS, ...LIMIT_SETTINGS, 'SENDER_METRICS_PORT'],
    missingSettings,
  )
  return {
    ...serviceConfig(settings),
    tokens: botTokens(settings),
    apiRoot: settings.TELEGRAM_API_ROOT,
    limits: telegramLimits(settings),
    metricsPort: settings.SENDER_METRICS_PORT ?? 0,
  }
}
