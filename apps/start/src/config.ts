/** What is to be started: decided by which keys are set. The one place of this app that reads the environment. */
import { existsSync } from 'node:fs'
import { botSettingProblems, botTokens, ConfigurationError, readSettings, SETTINGS } from '@chatlane/runtime'

/** The launcher's settings. */
export interface StartConfig {
  /** Undefined: Redis is started here. */
  redisUrl: string | undefined
  /** Whether Telegram is the playground's simulator. */
  withPlayground: boolean
  /** Whether the model is simulated. */
  withSimulatedModel: boolean
  /** Ports that were chosen; a default that is taken is replaced by a free one. */
  ports: Record<'GATEWAY_PORT' | 'MONITOR_PORT' | 'PLAYGROUND_PORT', number | undefined>
  /** The bot authors' modules. */
  handlerFiles: readonly string[]
  /** What the services inherit. */
  environment: Record<string, string | undefined>
}

/** Reads the environment and `.env`. Throws a ConfigurationError with one line per problem. */
export function readConfig(): StartConfig {
  if (existsSync('.env')) process.loadEnvFile('.env')
  // All variables are checked here, so that one line per problem is printed before anything runs.
  const names = Object.keys(SETTINGS) as (keyof typeof SETTINGS)[]
  const settings = readSettings(process.env, names, (found) =>
    botSettingProblems(process.env, botTokens(found).keys()),
  )
  const hasBot = botTokens(settings).size > 0
  const hasModel = settings.OPENROUTER_API_KEY !== undefined
  const hasHandlers = settings.HANDLERS.length > 0
  if (hasBot && !hasModel && !hasHandlers) {
    throw new ConfigurationError([
      'OPENROUTER_API_KEY: found nothing, expected the key of OpenRouter (or HANDLERS, a module of your own), since TELEGRAM_BOT_TOKEN is set',
    ])
  }
  return {
    redisUrl: settings.REDIS_URL,
    withPlayground: !hasBot,
    withSimulatedModel: !hasModel,
    ports: {
      GATEWAY_PORT: settings.GATEWAY_PORT ?? settings.PORT,
      MONITOR_PORT: settings.MONITOR_PORT,
      PLAYGROUND_PORT: settings.PLAYGROUND_PORT,
    },
    handlerFiles: [...new Set(settings.HANDLERS.map((entry) => entry.replace(/^\d{1,20}=/, '')))],
    // With a bot and no key there is no model: the author's handlers are all there is.
    environment: hasBot && !hasModel ? { ...process.env, ASSISTANT: 'off' } : process.env,
  }
}
