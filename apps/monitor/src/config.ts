/** The monitor's settings: the one place of this app that reads the environment. */
import { existsSync } from 'node:fs'
import { problemLine, readSettings } from '@chatlane/runtime'
import { isLoopback } from './loopback.ts'

/** The settings after validation. Without a password `host` is a loopback address. */
export type MonitorConfig = ReturnType<typeof readConfig>

/** Reads the environment and `.env`. Throws a ConfigurationError with one line per problem. */
export function readConfig() {
  if (existsSync('.env')) process.loadEnvFile('.env')
  const settings = readSettings(
    process.env,
    [
      'REDIS_URL',
      'REDIS_PREFIX',
      'REDIS_ALLOW_EVICTION',
      'LANE_SHARDS',
      'BIND_HOST',
      'MONITOR_PORT',
      'MONITOR_USER',
      'MONITOR_PASSWORD',
      'MONITOR_WRITE',
      'LOG_LEVEL',
    ],
    (found) => {
      const problems: string[] = []
      if (!found.REDIS_URL) {
        problems.push(problemLine({ name: 'REDIS_URL', found: undefined, expected: 'the address of Redis' }))
      }
      if (!found.MONITOR_PASSWORD && !isLoopback(found.BIND_HOST)) {
        const expected = `a password, since BIND_HOST is ${found.BIND_HOST}`
        problems.push(problemLine({ name: 'MONITOR_PASSWORD', found: undefined, expected }))
      }
      return problems
    },
  )
  return {
    redisUrl: settings.REDIS_URL ?? '',
    redisPrefix: settings.REDIS_PREFIX,
    allowEviction: settings.REDIS_ALLOW_EVICTION,
    shards: settings.LANE_SHARDS,
    host: settings.BIND_HOST,
    port: settings.MONITOR_PORT ?? 3001,
    user: settings.MONITOR_USER,
    password: settings.MONITOR_PASSWORD,
    write: settings.MONITOR_WRITE,
    logLevel: settings.LOG_LEVEL,
  }
}
