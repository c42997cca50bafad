/** Which bot a command is about. */
import { UsageError } from './usage-error.ts'

/** The bot that was named, or the only one whose token is set. Throws a UsageError. */
export function botOfCommand(botIds: readonly string[], named: string | undefined): string {
  if (named !== undefined) {
    if (!/^\d{1,20}$/.test(named)) throw new UsageError(`--bot ${named} is not the id of a bot`)
    if (botIds.length === 0 || botIds.includes(named)) return named
    throw new UsageError(`--bot ${named} is none of the bots whose tokens are set: ${botIds.join(', ')}`)
  }
  const [only, ...more] = botIds
  if (only === undefined) throw new UsageError('--bot must say which, since no token is set')
  if (more.length > 0) throw new UsageError(`--bot must say which: ${botIds.join(', ')}`)
  return only
}
