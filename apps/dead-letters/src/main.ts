/** The command for what could not be done. Ends with 0 where it did as it was asked, else with 1. */
import { openTerminal, runCommand, withRedis } from '@chatlane/command'
import { createDeadLetters, createHomes, createKeys, createLetters } from '@chatlane/lanes'
import { createLog } from '@chatlane/runtime'
import { readCommand } from './command.ts'
import { readConfig } from './config.ts'
import { run } from './run.ts'
import { USAGE } from './usage.ts'

async function main(): Promise<void> {
  const command = readCommand(process.argv.slice(2), Date.now())
  const terminal = openTerminal()
  if (command.kind === 'help') return terminal.say(USAGE)
  const { redisUrl, redisPrefix, shards, botIds } = readConfig()
  const keys = createKeys({ prefix: redisPrefix, shards })
  const log = createLog({ service: 'dead-letters', level: 'silent' })
  await withRedis({ url: redisUrl, named: 'REDIS_URL' }, async (redis) => {
    const deadLetters = createDeadLetters({ redis, keys, log })
    try {
      const letters = createLetters({ redis, keys, deadLetters })
      await run({ letters, homes: createHomes({ redis, keys }), botIds, terminal }, command)
    } finally {
      // Without an answer the queues would wait for one for ever.
      if (redis.status === 'ready') await deadLetters.close()
    }
  })
}

await runCommand(main)
