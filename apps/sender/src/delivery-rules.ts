/** What every delivery goes by: how long it may take, when it is tried again, which refusals mean that nobody is there. */
import type { LeaveReason } from '@chatlane/lanes'
import type { RefusalReason } from '@chatlane/telegram'

/** Refusals that say that nobody can be reached in the chat. */
export const UNREACHABLE: Partial<Record<RefusalReason, LeaveReason>> = {
  blocked: 'blocked',
  deactivated: 'gone',
  kicked: 'gone',
  'chat-not-found': 'gone',
}

/**
 * Refusals that say nothing of the chat: what was to be sent is at fault, or Telegram has a reason that is not known here.
 * Somebody has to look at it.
 */
export const OF_THE_CONTENT: ReadonlySet<RefusalReason> = new Set(['bad-entities', 'too-long', 'other'])

/** The longest time between two tries. */
export const MOST_PAUSE_MS = 30_000

/** Also for files, which are small: an attempt stands for a second longer. */
export const CALL_TIMEOUT_MS = 15_000

/** How long a chat waits after so many tries that Telegram did not take. */
export function backOffMs(tries: number): number {
  return Math.min(1000 * 2 ** tries, MOST_PAUSE_MS)
}
