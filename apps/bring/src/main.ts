/** The command that brings along what a bot had before. Ends with 0 where everything could be brought, else with 1. */
import { botOfCommand, runCommand, withRedis } from '@chatlane/command'
import { createAudience, createHomes, createKeys } from '@chatlane/lanes'
import { bringChats } from './bring-chats.ts'
import { bringSessions } from './bring-sessions.ts'
import { openBringTerminal } from './bring-terminal.ts'
import { readCommand } from './command.ts'
import { readConfig } from './config.ts'
import { sessionsInFile, sessionsInRedis } from './session-sources.ts'
import { USAGE } from './usage.ts'

async function main(): Promise<boolean> {
  const command = readCommand(process.argv.slice(2))
  const terminal = openBringTerminal()
  if (command.kind === 'help') {
    terminal.say(USAGE)
    return true
  }
  const { redisUrl, redisPrefix, shards, botIds, sessionTtlSeconds: ttlSeconds } = readConfig()
  const botId = botOfCommand(botIds, command.botId)
  const keys = createKeys({ prefix: redisPrefix, shards })
  return withRedis({ url: redisUrl, named: 'REDIS_URL' }, async (redis) => {
    const homes = createHomes({ redis, keys })
    if (command.kind === 'chats') {
      const audience = createAudience({ redis, keys })
      return bringChats({ audience, homes, botId, terminal }, command.file)
    }
    const { source, mayReplace } = command
    const parts = { redis, keys, homes, botId, terminal, ttlSeconds, mayReplace }
    if ('file' in source) return bringSessions(parts, sessionsInFile(source.file))
    return withRedis({ url: source.redisUrl, named: '--from' }, (from) =>
      bringSessions(parts, sessionsInRedis(from, source.prefix)),
    )
  })
}

await runCommand(main)
