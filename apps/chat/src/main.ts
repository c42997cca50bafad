/** The command that looks at one chat and takes care of it. Ends with 0 where it did as it was asked, else with 1. */
import { createDeadLetters, createKeys } from '@chatlane/lanes'
import { ConfigurationError, closeRedis, connectRedis, createLog, sleep } from '@chatlane/runtime'
import { botOfCommand } from './bot-of-command.ts'
import { readCommand } from './command.ts'
import { readConfig } from './config.ts'
import { run } from './run.ts'
import { openTerminal } from './terminal.ts'
import { USAGE, UsageError } from './usage.ts'

/** A Redis that does not answer for so long is none: a command must not hang in silence. */
const ANSWERS_WITHIN_MS = 10_000

async function main(): Promise<void> {
  const command = readCommand(process.argv.slice(2))
  const terminal = openTerminal()
  if (command.kind === 'help') return terminal.say(USAGE)
  const config = readConfig()
  const botId = botOfCommand(config.botIds, command.botId)
  const log = createLog({ service: 'chat', level: 'silent' })
  const redis = connectRedis({ url: config.redisUrl, patience: 'patient', log })
  const keys = createKeys({ prefix: config.redisPrefix, shards: config.shards })
  const deadLetters = createDeadLetters({ redis, keys, log })
  try {
    const isThere = redis.ping().then(
      () => true,
      () => false,
    )
    if (!(await Promise.race([isThere, sleep(ANSWERS_WITHIN_MS).then(() => false)])))
      throw new UsageError('REDIS_URL: Redis does not answer')
    await run({ redis, keys, deadLetters, botId, terminal }, command)
  } finally {
    // Without an answer the queues would wait for one for ever.
    if (redis.status !== 'ready') redis.disconnect()
    else await deadLetters.close()
    await closeRedis(redis)
  }
}

main().then(
  () => process.exit(0),
  (error: Error) => {
    const lines = error instanceof ConfigurationError ? error.problems : [error.message]
    for (const line of lines) process.stderr.write(`${line}\n`)
    process.exit(1)
  },
)
