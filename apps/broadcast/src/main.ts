/** The command that sends one message to many chats. Ends with 0 where it did as it was asked, else with 1. */
import { openTerminal, runCommand, withRedis } from '@chatlane/command'
import { createAudience, createBroadcastJobs, createBroadcasts, createKeys } from '@chatlane/lanes'
import { readCommand } from './command.ts'
import { readConfig } from './config.ts'
import { run } from './run.ts'
import { USAGE } from './usage.ts'

async function main(): Promise<void> {
  const command = readCommand(process.argv.slice(2))
  const terminal = openTerminal()
  if (command.kind === 'help') return terminal.say(USAGE)
  const { redisUrl, redisPrefix, shards, botIds } = readConfig()
  const keys = createKeys({ prefix: redisPrefix, shards })
  await withRedis({ url: redisUrl, named: 'REDIS_URL' }, async (redis) => {
    const jobs = createBroadcastJobs({ redis, keys, onError: () => undefined })
    try {
      const broadcasts = createBroadcasts({ redis, keys, jobs })
      const audience = createAudience({ redis, keys })
      await run({ broadcasts, audience, botIds, terminal, interruption }, command)
    } finally {
      // Without an answer the queue would wait for one for ever.
      if (redis.status === 'ready') await jobs.close()
    }
  })
}

/** Aborts at Ctrl+C, which until this is called ends the process at once: a list that is not whole is not sent. */
function interruption(): AbortSignal {
  const leaving = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => leaving.abort())
  return leaving.signal
}

await runCommand(main)
