/** The sender's settings: the one place of this app that reads the environment. */
import { existsSync } from 'node:fs'
import {
  BOT_SETTINGS,
  botSettingProblems,
  botTokens,
  LIMIT_SETTINGS,
  limitsOfBots,
  missingSettings,
  readSettings,
  SERVICE_SETTINGS,
  serviceConfig,
} from '@chatlane/runtime'

/** Reads the environment and `.env`. Throws a ConfigurationError with one line per problem. */
export function readConfig() {
  if (existsSync('.env')) process.loadEnvFile('.env')
  const settings = readSettings(
    process.env,
    [...SERVICE_SETTINGS, ...BOT_SETTINGS, ...LIMIT_SETTINGS, 'SENDER_METRICS_PORT'],
    (found) => [...missingSettings(found), ...botSettingProblems(process.env, botTokens(found).keys())],
  )
  return {
    ...serviceConfig(settings),
    tokens: botTokens(settings),
    apiRoot: settings.TELEGRAM_API_ROOT,
    limits: limitsOfBots(process.env, settings),
    metricsPort: settings.SENDER_METRICS_PORT ?? 0,
  }
}
