/** Which calls would take a bot's updates away from this installation. */
import type { Refusal } from './refusals.ts'

// In small letters, as the Bot API takes the names of methods in any.
const OF_UPDATES = new Set(['getupdates', 'setwebhook', 'deletewebhook', 'logout', 'close'])

const CONFLICT: Refusal = {
  ok: false,
  error_code: 409,
  description:
    "Conflict: Chatlane receives this bot's updates; with UPDATES=webhook and no PUBLIC_URL its gateway leaves them to others",
}

/** The answer to a call that would change who receives the updates; undefined for every other method. */
export function updatesConflict(method: string): Refusal | undefined {
  return OF_UPDATES.has(method.toLowerCase()) ? CONFLICT : undefined
}
