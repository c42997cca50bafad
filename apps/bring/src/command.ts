/** What the command was asked to do. */
import { readArguments, UsageError } from '@chatlane/command'

/** Where sessions are read from. */
export type SessionSource = { file: string } | { redisUrl: string; prefix: string }

/** A command with its options. */
export type Command =
  | { kind: 'help' }
  | { kind: 'chats'; botId: string | undefined; file: string }
  | { kind: 'sessions'; botId: string | undefined; source: SessionSource; mayReplace: boolean }

const OPTIONS = {
  bot: { type: 'string' },
  from: { type: 'string' },
  prefix: { type: 'string' },
  replace: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const
const OF_SESSIONS = ['from', 'prefix', 'replace'] as const

/** What @telegraf/session puts before its keys. */
const USUAL_PREFIX = 'telegraf:'

/** The command in `args` (without node and the file). Throws a UsageError. */
export function readCommand(args: readonly string[]): Command {
  const { values, positionals } = readArguments(args, OPTIONS)
  const [kind = 'help', file, ...more] = positionals
  if (values.help || kind === 'help') return { kind: 'help' }
  if (more.length > 0) throw new UsageError(`${more[0]} is one argument too many`)
  const { bot: botId, from, prefix, replace: mayReplace = false } = values
  if (kind === 'chats') {
    const wrong = OF_SESSIONS.find((name) => values[name] !== undefined)
    if (wrong) throw new UsageError(`--${wrong} belongs to sessions`)
    if (file === undefined) throw new UsageError('chats needs a file of chat ids')
    return { kind, botId, file }
  }
  if (kind !== 'sessions') throw new UsageError(`${kind} is no command: chats, sessions`)
  return { kind, botId, source: readSource({ file, from, prefix }), mayReplace }
}

function readSource(given: {
  file: string | undefined
  from: string | undefined
  prefix: string | undefined
}): SessionSource {
  const { file, from, prefix = USUAL_PREFIX } = given
  if ((file === undefined) === (from === undefined))
    throw new UsageError('sessions needs either a file or --from with the address of a Redis')
  if (from !== undefined) {
    if (!/^rediss?:\/\/./.test(from)) throw new UsageError('--from needs redis:// or rediss://')
    return { redisUrl: from, prefix }
  }
  if (given.prefix !== undefined) throw new UsageError('--prefix belongs to --from')
  return { file: file ?? '' }
}
