/** Does what the command was asked to do. */
import { counted, moment, requireAgreement, type Terminal, UsageError } from '@chatlane/command'
import type { Homes, KeptLetter, LetterFilter, Letters } from '@chatlane/lanes'
import { readUpdate, textOfLetter } from '@chatlane/telegram'
import type { Command, Meant } from './command.ts'

/** What running needs. */
export interface RunParts {
  letters: Letters
  homes: Pick<Homes, 'homeOf'>
  /** The bots whose tokens are set. */
  botIds: readonly string[]
  terminal: Terminal
}

/** Runs `command`. Throws a UsageError where it can't be done as it was asked. */
export async function run(parts: RunParts, command: Exclude<Command, { kind: 'help' }>): Promise<void> {
  const { terminal } = parts
  switch (command.kind) {
    case 'list':
      return list(parts, command)
    case 'show':
      return show(parts, command)
    case 'replay': {
      const { done, left } = await each(parts, command.meant, (letter) => parts.letters.replay(letter))
      return terminal.say(`${counted(done, 'dead letter')} retried${leftWords(left)}`)
    }
    case 'drop': {
      const which = 'ids' in command.meant ? counted(command.meant.ids.length, 'dead letter') : 'all that fit'
      await requireAgreement(terminal, {
        isAgreed: command.isAgreed,
        question: `Throw ${which} away? This can't be undone.`,
        otherwise: 'nothing was thrown away',
      })
      const { done, left } = await each(parts, command.meant, (letter) => parts.letters.drop(letter))
      return terminal.say(`${counted(done, 'dead letter')} thrown away${leftWords(left)}`)
    }
  }
}

async function list(
  parts: RunParts,
  { filter, limit, asJson }: Extract<Command, { kind: 'list' }>,
): Promise<void> {
  const found: KeptLetter[] = []
  for await (const letter of parts.letters.all(await filterOf(parts, filter))) found.push(letter)
  found.sort((one, other) => other.atMs - one.atMs)
  const shown = found.slice(0, limit)
  if (asJson) return parts.terminal.say(JSON.stringify(shown, undefined, 2))
  for (const letter of shown) parts.terminal.say(lineOf(letter))
  const more = found.length - shown.length
  parts.terminal.say(`${counted(found.length, 'dead letter')}${more > 0 ? `, ${more} not shown` : ''}`)
}

async function show(
  { letters, terminal }: RunParts,
  { id, withText, asJson }: Extract<Command, { kind: 'show' }>,
): Promise<void> {
  const letter = await found(letters, id)
  const contents = await letters.contents(letter)
  const shown = {
    ...letter,
    isKept: contents !== undefined,
    userId: contents === undefined ? undefined : userOf(letter, contents),
    ...(withText && contents !== undefined && { text: textOfLetter(letter.kind, contents) ?? null }),
  }
  if (asJson) return terminal.say(JSON.stringify(shown, undefined, 2))
  terminal.say(lineOf(letter))
  const { userId, isKept, place, text } = shown
  if (place !== '') terminal.say(`  place     ${place}`)
  if (userId !== undefined) terminal.say(`  user      ${userId}`)
  terminal.say(`  contents  ${isKept ? 'kept: a replay can do it again' : 'gone: it can only be dropped'}`)
  if (withText) terminal.say(`  text      ${text ?? '(none)'}`)
}

/** Does something to each of the letters that are meant: how many it was done to, and how many not. */
async function each(
  parts: RunParts,
  meant: Meant,
  act: (letter: KeptLetter) => Promise<boolean>,
): Promise<{ done: number; left: number }> {
  const counts = { done: 0, left: 0 }
  const note = (isDone: boolean) => {
    counts[isDone ? 'done' : 'left']++
  }
  if ('ids' in meant) {
    // All are looked for first: with a mistyped id nothing is done.
    const named = await Promise.all(meant.ids.map((id) => found(parts.letters, id)))
    for (const letter of named) note(await act(letter))
  } else {
    for await (const letter of parts.letters.all(await filterOf(parts, meant.filter))) note(await act(letter))
  }
  return counts
}

async function found(letters: Letters, id: string): Promise<KeptLetter> {
  const letter = await letters.find(id)
  if (!letter) throw new UsageError(`there is no dead letter ${id}: pnpm dead-letters list`)
  return letter
}

/** A group that became a supergroup is kept under its first id. */
async function filterOf({ homes, botIds }: RunParts, filter: LetterFilter): Promise<LetterFilter> {
  const botId = filter.botId ?? (botIds.length === 1 ? botIds[0] : undefined)
  if (filter.homeId === undefined || botId === undefined) return filter
  return { ...filter, homeId: await homes.homeOf(botId, filter.homeId) }
}

function userOf({ kind }: KeptLetter, contents: string): number | undefined {
  if (kind !== 'update') return undefined
  const reading = readUpdate(JSON.parse(contents))
  return reading.kind === 'update' ? reading.update.fromId : undefined
}

function lineOf({ jobId, kind, botId, homeId, atMs, failedReason, replays }: KeptLetter): string {
  const replayed = replays === 0 ? '' : ` (replayed ${counted(replays, 'time')})`
  return `${moment(atMs)}  ${jobId}  ${kind} of chat ${homeId}, bot ${botId}: ${failedReason}${replayed}`
}

function leftWords(left: number): string {
  return left === 0 ? '' : `; ${left} not, since somebody else is at it`
}
