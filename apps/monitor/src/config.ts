/** The monitor's settings: the one place of this app that reads the environment. */
import { existsSync } from 'node:fs'
import {
  BOT_SETTINGS,
  botTokens,
  isLoopback,
  missingSettings,
  problemLine,
  readSettings,
  SERVICE_SETTINGS,
  serviceConfig,
} from '@chatlane/runtime'

/** The settings after validation. Without a password `host` is a loopback address. */
export type MonitorConfig = ReturnType<typeof readConfig>

/** Reads the environment and `.env`. Throws a ConfigurationError with one line per problem. */
export function readConfig() {
  if (existsSync('.env')) process.loadEnvFile('.env')
  const settings = readSettings(
    process.env,
    [
      ...SERVICE_SETTINGS,
      ...BOT_SETTINGS,
      'MONITOR_PORT',
      'MONITOR_USER',
      'MONITOR_PASSWORD',
      'MONITOR_WRITE',
      'BOARD_QUEUES',
    ],
    (found) => {
      // The monitor calls no bot: a token that is set only tells whose broadcasts are meant where none is named.
      const problems = missingSettings({ REDIS_URL: found.REDIS_URL })
      if (!found.MONITOR_PASSWORD && !isLoopback(found.BIND_HOST)) {
        const expected = `a password, since BIND_HOST is ${found.BIND_HOST}`
        problems.push(problemLine({ name: 'MONITOR_PASSWORD', found: undefined, expected }))
      }
      const queues = found.BOARD_QUEUES.map(({ prefix, name }) => `${prefix}:${name}`)
      const scattered = queues.find((queue) => !/\{.+\}/.test(queue))
      if (/^rediss?\+cluster:/.test(found.REDIS_URL ?? '') && scattered !== undefined) {
        const expected = 'a prefix with a hash tag in braces, since Redis is a Cluster'
        problems.push(problemLine({ name: 'BOARD_QUEUES', found: scattered, expected }))
      }
      return problems
    },
  )
  return {
    ...serviceConfig(settings),
    port: settings.MONITOR_PORT ?? 3001,
    user: settings.MONITOR_USER,
    password: settings.MONITOR_PASSWORD,
    write: settings.MONITOR_WRITE,
    boardQueues: settings.BOARD_QUEUES,
    botIds: [...botTokens(settings).keys()],
  }
}
