/** The playground's settings: the one place of this app that reads the environment. */
import { existsSync } from 'node:fs'
import { readSettings } from '@chatlane/runtime'

/** The settings after validation. */
export type PlaygroundConfig = ReturnType<typeof readConfig>

/** Reads the environment and `.env`. Throws a ConfigurationError with one line per problem. */
export function readConfig() {
  if (existsSync('.env')) process.loadEnvFile('.env')
  const settings = readSettings(process.env, [
    'BIND_HOST',
    'PLAYGROUND_PORT',
    'PLAYGROUND_MODEL',
    'GATEWAY_PORT',
    'PORT',
    'MONITOR_PORT',
    'LOG_LEVEL',
  ])
  return {
    host: settings.BIND_HOST,
    port: settings.PLAYGROUND_PORT ?? 3002,
    model: settings.PLAYGROUND_MODEL,
    /** Where the other services listen; undefined where that is not known before they do. */
    gatewayPort: (settings.GATEWAY_PORT ?? settings.PORT) || undefined,
    monitorPort: settings.MONITOR_PORT || undefined,
    logLevel: settings.LOG_LEVEL,
  }
}
