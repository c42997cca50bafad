/** The command's settings: the one place of this app that reads the environment. */
import { existsSync } from 'node:fs'
import {
  BOT_SETTINGS,
  botTokens,
  missingSettings,
  readSettings,
  SERVICE_SETTINGS,
  serviceConfig,
} from '@chatlane/runtime'

/** The settings after validation. */
export type BroadcastConfig = ReturnType<typeof readConfig>

/** Reads the environment and `.env`. Throws a ConfigurationError with one line per problem. */
export function readConfig() {
  if (existsSync('.env')) process.loadEnvFile('.env')
  const settings = readSettings(process.env, [...SERVICE_SETTINGS, ...BOT_SETTINGS], missingSettings)
  const { redisUrl, redisPrefix, shards } = serviceConfig(settings)
  // Only the senders call Telegram: of the tokens nothing is needed here but whose they are.
  return { redisUrl, redisPrefix, shards, botIds: [...botTokens(settings).keys()] }
}
