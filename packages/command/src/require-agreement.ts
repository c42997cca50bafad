/** Asks before something is done that can't be undone. */
import type { Terminal } from './terminal.ts'
import { UsageError } from './usage-error.ts'

/**
 * Returns where `isAgreed` already, or where the answer to `question` is yes. Throws a UsageError with `otherwise` where
 * it is not, and one that names --yes where nobody is there to answer.
 */
export async function requireAgreement(
  terminal: Terminal,
  asked: { isAgreed: boolean; question: string; otherwise: string },
): Promise<void> {
  const { isAgreed, question, otherwise } = asked
  if (isAgreed) return
  if (!terminal.isWatched) throw new UsageError(`${question} Nobody is here to be asked: add --yes`)
  if (!(await terminal.ask(question))) throw new UsageError(otherwise)
}
