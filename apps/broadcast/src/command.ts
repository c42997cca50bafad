/** What the command was asked to do. */
import { readArguments, UsageError } from '@chatlane/command'

/** Who gets a broadcast: a file of ids, or everyone. */
export type Recipients = { file: string } | 'all'

/** One message to be sent, as it was given. */
export interface SendCommand {
  kind: 'send'
  text: string | undefined
  textFile: string | undefined
  photo: string | undefined
  to: Recipients
  /** Calls per second where they are to be paid for. */
  paidPerSecond: number | undefined
  /** Ends when the broadcast is made, without following it. */
  isDetached: boolean
}

/** A command with its options. */
export type Command = { botId: string | undefined; isAgreed: boolean } & (
  | SendCommand
  | { kind: 'help' }
  | { kind: 'list' }
  | { kind: 'status'; id: string | undefined }
  | { kind: 'follow' | 'stop' | 'resume' | 'unknown' | 'resend'; id: string; isDetached: boolean }
)

/** What Telegram allows a bot that pays. */
export const PAID_PER_SECOND = 1000

const OPTIONS = {
  text: { type: 'string' },
  'text-file': { type: 'string' },
  photo: { type: 'string' },
  to: { type: 'string' },
  'to-all': { type: 'boolean' },
  bot: { type: 'string' },
  paid: { type: 'boolean' },
  'paid-per-second': { type: 'string' },
  detach: { type: 'boolean' },
  yes: { type: 'boolean', short: 'y' },
  help: { type: 'boolean', short: 'h' },
} as const

const OF_SEND = ['text', 'text-file', 'photo', 'to', 'to-all', 'paid', 'paid-per-second'] as const
const WITH_ID = ['follow', 'stop', 'resume', 'unknown', 'resend'] as const

/** The command in `args` (without node and the file). Throws a UsageError. */
export function readCommand(args: readonly string[]): Command {
  const { values, positionals } = readArguments(args, OPTIONS)
  const [kind = 'help', id, ...more] = positionals
  if (more.length > 0) throw new UsageError(`${more[0]} is one argument too many`)
  const common = { botId: values.bot, isAgreed: values.yes ?? false }
  const isDetached = values.detach ?? false
  if (values.help || kind === 'help') return { ...common, kind: 'help' }
  if (kind === 'send') {
    if (id !== undefined) throw new UsageError(`send takes its text as --text, not as ${JSON.stringify(id)}`)
    return { ...common, ...readSend(values), isDetached }
  }
  const wrong = OF_SEND.find((name) => values[name] !== undefined)
  if (wrong) throw new UsageError(`--${wrong} belongs to send`)
  if (kind === 'list') return { ...common, kind }
  if (kind === 'status') return { ...common, kind, id }
  const named = WITH_ID.find((name) => name === kind)
  if (!named) throw new UsageError(`${kind} is no command`)
  if (id === undefined) throw new UsageError(`${kind} needs the id of a broadcast; list shows them`)
  return { ...common, kind: named, id, isDetached }
}

type Values = ReturnType<typeof readArguments<typeof OPTIONS>>['values']

function readSend(values: Values): Omit<SendCommand, 'isDetached'> {
  const { text, 'text-file': textFile, photo, to, 'to-all': toAll } = values
  if (text !== undefined && textFile !== undefined)
    throw new UsageError('--text and --text-file are one too many')
  if (text === undefined && textFile === undefined && photo === undefined)
    throw new UsageError('send needs --text, --text-file or --photo')
  if ((to === undefined) === (toAll === undefined))
    throw new UsageError('send needs either --to with a file of chat ids, or --to-all')
  return {
    kind: 'send',
    text,
    textFile,
    photo,
    to: to === undefined ? 'all' : { file: to },
    paidPerSecond: readPaid(values),
  }
}

function readPaid(values: Values): number | undefined {
  const given = values['paid-per-second']
  if (given === undefined) return values.paid ? PAID_PER_SECOND : undefined
  const perSecond = /^\d{1,4}$/.test(given) ? Number(given) : 0
  if (perSecond < 1 || perSecond > PAID_PER_SECOND)
    throw new UsageError(`--paid-per-second needs a whole number from 1 to ${PAID_PER_SECOND}`)
  return perSecond
}
