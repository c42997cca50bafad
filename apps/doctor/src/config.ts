/** The doctor's settings: the one place of this app that reads the environment. */
import { existsSync } from 'node:fs'
import {
  botTokens,
  readSettings,
  SETTINGS,
  type SettingName,
  type Settings,
  settingsOfBot,
} from '@chatlane/runtime'

/** What is to be looked at. */
export type DoctorConfig = ReturnType<typeof configOf>

/** Reads every variable of the product, from the environment and `.env`. Throws a ConfigurationError with one line per problem. */
export function readConfig(): DoctorConfig {
  if (existsSync('.env')) process.loadEnvFile('.env')
  return configOf(readSettings(process.env, Object.keys(SETTINGS) as SettingName[]))
}

function configOf(settings: Settings<SettingName>) {
  const tokens = botTokens(settings)
  const ofBots = [...tokens.keys()].map((botId) => settingsOfBot(process.env, settings, botId))
  const assistants = ofBots.filter(({ ASSISTANT }) => ASSISTANT === 'on')
  return {
    redisUrl: settings.REDIS_URL,
    mayEvict: settings.REDIS_ALLOW_EVICTION,
    tokens,
    apiRoot: settings.TELEGRAM_API_ROOT,
    publicUrl: settings.PUBLIC_URL,
    updates: settings.UPDATES ?? (settings.PUBLIC_URL ? 'webhook' : 'polling'),
    openRouter: {
      apiKey: settings.OPENROUTER_API_KEY,
      baseUrl: settings.OPENROUTER_BASE_URL,
      isNeeded: tokens.size === 0 ? settings.ASSISTANT === 'on' : assistants.length > 0,
      /** Every model that a setting names, by the setting. */
      models: assistants.flatMap((bot) => [
        { setting: 'OPENROUTER_MODEL', id: bot.OPENROUTER_MODEL },
        ...bot.OPENROUTER_FALLBACK_MODELS.map((id) => ({ setting: 'OPENROUTER_FALLBACK_MODELS', id })),
        ...(bot.SUMMARY_MODEL === undefined || bot.SUMMARY_MODEL === 'off'
          ? []
          : [{ setting: 'SUMMARY_MODEL', id: bot.SUMMARY_MODEL }]),
      ]),
    },
  }
}
