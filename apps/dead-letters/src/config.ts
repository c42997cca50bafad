/** The command's settings: the one place of this app that reads the environment. */
import { existsSync } from 'node:fs'
import { COMMAND_SETTINGS, commandConfig, missingAddress } from '@chatlane/command'
import { readSettings } from '@chatlane/runtime'

/** Reads the environment and `.env`. Throws a ConfigurationError with one line per problem. */
export function readConfig() {
  if (existsSync('.env')) process.loadEnvFile('.env')
  return commandConfig(readSettings(process.env, COMMAND_SETTINGS, missingAddress))
}
