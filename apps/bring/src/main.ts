/** The command that brings along what a bot had before. Ends with 0 where everything could be brought, else with 1. */
import { createAudience, createHomes, createKeys } from '@chatlane/lanes'
import {
  ConfigurationError,
  closeRedis,
  connectRedis,
  createLog,
  type RedisClient,
  sleep,
} from '@chatlane/runtime'
import { botOfCommand } from './bot-of-command.ts'
import { bringChats } from './bring-chats.ts'
import { bringSessions } from './bring-sessions.ts'
import { readCommand } from './command.ts'
import { readConfig } from './config.ts'
import { sessionsInFile, sessionsInRedis } from './session-sources.ts'
import { openTerminal } from './terminal.ts'
import { USAGE, UsageError } from './usage.ts'

/** A Redis that does not answer for so long is none: a command must not hang in silence. */
const ANSWERS_WITHIN_MS = 10_000

async function main(): Promise<boolean> {
  const command = readCommand(process.argv.slice(2))
  const terminal = openTerminal()
  if (command.kind === 'help') {
    terminal.say(USAGE)
    return true
  }
  const config = readConfig()
  const botId = botOfCommand(config.botIds, command.botId)
  const redis = connect(config.redisUrl)
  const keys = createKeys({ prefix: config.redisPrefix, shards: config.shards })
  try {
    await requireAnswer(redis, 'REDIS_URL')
    const homes = createHomes({ redis, keys })
    if (command.kind === 'chats') {
      const audience = createAudience({ redis, keys })
      return await bringChats({ audience, homes, botId, terminal }, command.file)
    }
    const { source, mayReplace } = command
    const ttlSeconds = config.sessionTtlSeconds
    const parts = { redis, keys, homes, botId, terminal, ttlSeconds, mayReplace }
    if ('file' in source) return await bringSessions(parts, sessionsInFile(source.file))
    const from = connect(source.redisUrl)
    try {
      await requireAnswer(from, '--from')
      return await bringSessions(parts, sessionsInRedis(from, source.prefix))
    } finally {
      await closeRedis(from)
    }
  } finally {
    await closeRedis(redis)
  }
}

function connect(url: string): RedisClient {
  const log = createLog({ service: 'bring', level: 'silent' })
  return connectRedis({ url, patience: 'patient', log })
}

async function requireAnswer(redis: RedisClient, named: string): Promise<void> {
  const isThere = redis.ping().then(
    () => true,
    () => false,
  )
  if (!(await Promise.race([isThere, sleep(ANSWERS_WITHIN_MS).then(() => false)])))
    throw new UsageError(`${named}: Redis does not answer`)
}

main().then(
  (isWhole) => process.exit(isWhole ? 0 : 1),
  (error: Error) => {
    const lines = error instanceof ConfigurationError ? error.problems : [error.message]
    for (const line of lines) process.stderr.write(`${line}\n`)
    process.exit(1)
  },
)
