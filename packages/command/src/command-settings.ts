/** The settings that every command has, and what they come to. */
import {
  BOT_SETTINGS,
  botTokens,
  missingSettings,
  SERVICE_SETTINGS,
  type Settings,
  serviceConfig,
} from '@chatlane/runtime'

/** The variables that every command reads. */
export const COMMAND_SETTINGS = [...SERVICE_SETTINGS, ...BOT_SETTINGS] as const

/** A line where the address of Redis is not set: all that a command needs which takes any bot's id as `--bot`. */
export function missingAddress({ REDIS_URL }: Settings<'REDIS_URL'>): string[] {
  return missingSettings({ REDIS_URL })
}

/** Where a command works, and the bots whose tokens are set. The tokens themselves stay outside: no bot is called. */
export function commandConfig(settings: Settings<(typeof COMMAND_SETTINGS)[number]>) {
  const { redisUrl, redisPrefix, shards } = serviceConfig(settings)
  return { redisUrl, redisPrefix, shards, botIds: [...botTokens(settings).keys()] }
}
