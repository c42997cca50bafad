/** The command that sends one message to many chats. Ends with 0 where it did as it was asked, else with 1. */
import { createAudience, createBroadcastJobs, createBroadcasts, createKeys } from '@chatlane/lanes'
import { ConfigurationError, closeRedis, connectRedis, createLog, sleep } from '@chatlane/runtime'
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
  const log = createLog({ service: 'broadcast', level: 'silent' })
  const redis = connectRedis({ url: config.redisUrl, patience: 'patient', log })
  const keys = createKeys({ prefix: config.redisPrefix, shards: config.shards })
  const jobs = createBroadcastJobs({ redis, keys, onError: () => undefined })
  try {
    const isThere = redis.ping().then(
      () => true,
      () => false,
    )
    if (!(await Promise.race([isThere, sleep(ANSWERS_WITHIN_MS).then(() => false)])))
      throw new UsageError('REDIS_URL: Redis does not answer')
    const broadcasts = createBroadcasts({ redis, keys, jobs })
    const audience = createAudience({ redis, keys })
    await run({ broadcasts, audience, botIds: config.botIds, terminal, interruption }, command)
  } finally {
    // Without an answer the queue would wait for one for ever.
    if (redis.status !== 'ready') redis.disconnect()
    else await jobs.close()
    await closeRedis(redis)
  }
}

/** Aborts at Ctrl+C, which until this is called ends the process at once: a list that is not whole is not sent. */
function interruption(): AbortSignal {
  const leaving = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => leaving.abort())
  return leaving.signal
}

main().then(
  () => process.exit(0),
  (error: Error) => {
    const lines = error instanceof ConfigurationError ? error.problems : [error.message]
    for (const line of lines) process.stderr.write(`${line}\n`)
    process.exit(1)
  },
)
