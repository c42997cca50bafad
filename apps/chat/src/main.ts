/** The command that looks at one chat and takes care of it. Ends with 0 where it did as it was asked, else with 1. */
import { botOfCommand, openTerminal, runCommand, withRedis } from '@chatlane/command'
import { createDeadLetters, createKeys } from '@chatlane/lanes'
import { createLog } from '@chatlane/runtime'
import { readCommand } from './command.ts'
import { readConfig } from './config.ts'
import { run } from './run.ts'
import { USAGE } from './usage.ts'

async function main(): Promise<void> {
  const command = readCommand(process.argv.slice(2))
  const terminal = openTerminal()
  if (command.kind === 'help') return terminal.say(USAGE)
  const { redisUrl, redisPrefix, shards, botIds } = readConfig()
  const botId = botOfCommand(botIds, command.botId)
  const keys = createKeys({ prefix: redisPrefix, shards })
  const log = createLog({ service: 'chat', level: 'silent' })
  await withRedis({ url: redisUrl, named: 'REDIS_URL' }, async (redis) => {
    const deadLetters = createDeadLetters({ redis, keys, log })
    try {
      await run({ redis, keys, deadLetters, botId, terminal }, command)
    } finally {
      // Without an answer the queues would wait for one for ever.
      if (redis.status === 'ready') await deadLetters.close()
    }
  })
}

await runCommand(main)
