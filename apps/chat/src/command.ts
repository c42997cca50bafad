/** What the command was asked to do. */
import { readArguments, UsageError } from '@chatlane/command'

/** A command with its options. */
export type Command =
  | { kind: 'help' }
  | ({ botId: string | undefined; chatId: string } & (
      | { kind: 'show'; withTexts: boolean; asJson: boolean }
      | { kind: 'forget'; isAgreed: boolean }
      | { kind: 'pause' | 'resume' | 'replay' }
    ))

const OPTIONS = {
  bot: { type: 'string' },
  texts: { type: 'boolean' },
  json: { type: 'boolean' },
  yes: { type: 'boolean', short: 'y' },
  help: { type: 'boolean', short: 'h' },
} as const

/** Options that belong to one command each. */
const OF_COMMAND = { texts: 'show', json: 'show', yes: 'forget' } as const

/** The command in `args` (without node and the file). Throws a UsageError. */
export function readCommand(args: readonly string[]): Command {
  const { values, positionals } = parse(args)
  const [chatId, kind, ...more] = positionals
  if (values.help || chatId === undefined || chatId === 'help') return { kind: 'help' }
  if (!/^-?\d{1,16}$/.test(chatId))
    throw new UsageError(
      `${JSON.stringify(chatId)} is not the id of a chat: it comes first, then the command`,
    )
  if (more.length > 0) throw new UsageError(`${more[0]} is one argument too many`)
  for (const [option, owner] of Object.entries(OF_COMMAND))
    if (values[option as keyof typeof OF_COMMAND] && kind !== owner)
      throw new UsageError(`--${option} belongs to ${owner}`)
  const whose = { botId: values.bot, chatId }
  switch (kind) {
    case 'show':
      return { ...whose, kind, withTexts: values.texts ?? false, asJson: values.json ?? false }
    case 'forget':
      return { ...whose, kind, isAgreed: values.yes ?? false }
    case 'pause':
    case 'resume':
    case 'replay':
      return { ...whose, kind }
    case undefined:
      throw new UsageError('what is to be done? show, pause, resume, replay or forget')
    default:
      throw new UsageError(`${kind} is no command`)
  }
}

function parse(args: readonly string[]) {
  // The ids of groups look like options; a blank before them is what tells them apart.
  const guarded = args.map((arg) => (/^-\d+$/.test(arg) ? ` ${arg}` : arg))
  const { values, positionals } = readArguments(guarded, OPTIONS)
  return { values, positionals: positionals.map((each) => each.trim()) }
}
