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

/** Reads the environment and `.env`. Throws a ConfigurationError with one line per problem. */
export function readConfig() {
  if (existsSync('.env')) process.loadEnvFile('.env')
  const names = [...SERVICE_SETTINGS, ...BOT_SETTINGS, 'SESSION_TTL_SECONDS'] as const
  const settings = readSettings(process.env, names, (found) =>
    // No bot is called: a token only tells whose chats are meant where --bot does not.
    missingSettings({ REDIS_URL: found.REDIS_URL }),
  )
  const { redisUrl, redisPrefix, shards } = serviceConfig(settings)
  const sessionTtlSeconds = settings.SESSION_TTL_SECONDS
  return { redisUrl, redisPrefix, shards, sessionTtlSeconds, botIds: [...botTokens(settings).keys()] }
}
