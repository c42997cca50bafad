/** What the command was asked to do. */
import { readArguments, UsageError } from '@chatlane/command'
import type { LetterFilter } from '@chatlane/lanes'

/** Letters by their ids, or all that fit. */
export type Meant = { ids: readonly string[] } | { filter: LetterFilter }

/** A command with its options. */
export type Command =
  | { kind: 'help' }
  | { kind: 'list'; filter: LetterFilter; limit: number; asJson: boolean }
  | { kind: 'show'; id: string; withText: boolean; asJson: boolean }
  | { kind: 'replay'; meant: Meant }
  | { kind: 'drop'; meant: Meant; isAgreed: boolean }

const FILTERS = ['bot', 'chat', 'kind', 'reason', 'since'] as const
const OPTIONS = {
  bot: { type: 'string' },
  chat: { type: 'string' },
  kind: { type: 'string' },
  reason: { type: 'string' },
  since: { type: 'string' },
  limit: { type: 'string' },
  all: { type: 'boolean' },
  text: { type: 'boolean' },
  json: { type: 'boolean' },
  yes: { type: 'boolean', short: 'y' },
  help: { type: 'boolean', short: 'h' },
} as const

/** Which options each command takes. */
const TAKEN: Record<string, readonly string[]> = {
  list: [...FILTERS, 'limit', 'json'],
  show: ['text', 'json'],
  replay: [...FILTERS, 'all'],
  drop: [...FILTERS, 'all', 'yes'],
}

const LIMIT = 20

/** The command in `args` (without node and the file); `nowMs` is what `--since` counts from. Throws a UsageError. */
export function readCommand(args: readonly string[], nowMs: number): Command {
  const { values, positionals } = readArguments(joined(args), OPTIONS)
  const [kind, ...ids] = positionals
  if (values.help || kind === undefined || kind === 'help') return { kind: 'help' }
  const taken = TAKEN[kind]
  if (!taken) throw new UsageError(`${kind} is no command: list, show, replay or drop`)
  for (const option of Object.keys(values))
    if (!taken.includes(option)) throw new UsageError(`--${option} does not belong to ${kind}`)
  const filter = filterOf(values, nowMs)
  const asJson = values.json ?? false
  if (kind === 'list') {
    if (ids.length > 0) throw new UsageError(`${ids[0]} is one argument too many`)
    return { kind, filter, limit: limitOf(values.limit), asJson }
  }
  if (kind === 'show') {
    const [id, more] = ids
    if (id === undefined) throw new UsageError('which one? list tells the ids')
    if (more !== undefined) throw new UsageError(`${more} is one argument too many`)
    return { kind, id, withText: values.text ?? false, asJson }
  }
  const meant = meantBy(ids, { filter, isAll: values.all ?? false })
  return kind === 'drop' ? { kind, meant, isAgreed: values.yes ?? false } : { kind: 'replay', meant }
}

/** The ids of groups look like options: their dash is one of a value only where it stands behind an equals sign. */
function joined(args: readonly string[]): string[] {
  const out: string[] = []
  for (const arg of args) {
    if (/^-\d+$/.test(arg) && out.at(-1) === '--chat') out[out.length - 1] = `--chat=${arg}`
    else out.push(arg)
  }
  return out
}

function meantBy(ids: readonly string[], { filter, isAll }: { filter: LetterFilter; isAll: boolean }): Meant {
  const isFiltered = Object.values(filter).some((each) => each !== undefined)
  if (ids.length > 0) {
    if (isAll || isFiltered) throw new UsageError('either ids, or --all and filters')
    return { ids }
  }
  if (!isAll) throw new UsageError('which ones? ids, or --all, which takes filters')
  return { filter }
}

function filterOf(values: Partial<Record<(typeof FILTERS)[number], string>>, nowMs: number): LetterFilter {
  const { bot, chat, kind, reason, since } = values
  for (const [name, id] of Object.entries({ bot, chat }))
    if (id !== undefined && !/^-?\d{1,20}$/.test(id)) throw new UsageError(`--${name} ${id} is no id`)
  if (kind !== undefined && kind !== 'update' && kind !== 'delivery')
    throw new UsageError(`--kind ${kind} is neither update nor delivery`)
  return {
    botId: bot,
    homeId: chat,
    kind,
    reason,
    sinceMs: since === undefined ? undefined : nowMs - spanMs(since),
  }
}

const UNITS_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const

function spanMs(since: string): number {
  const [, count, unit] = /^(\d{1,6})([mhd])$/.exec(since) ?? []
  if (count === undefined) throw new UsageError(`--since ${since} is no time such as 30m, 12h or 7d`)
  return Number(count) * UNITS_MS[unit as keyof typeof UNITS_MS]
}

function limitOf(limit = String(LIMIT)): number {
  if (!/^[1-9]\d{0,6}$/.test(limit)) throw new UsageError(`--limit ${limit} is no number above 0`)
  return Number(limit)
}
