/** What is said where nobody may pay for an answer. */
import { fillText } from './plain-markdown.ts'
import type { Decline } from './ports.ts'
import type { Texts } from './texts.ts'

/** Whose limit it is and when it opens again, or how long to wait. */
export function declineText(decline: Decline, { declined }: Texts): string {
  if (decline.why === 'spent') {
    const { whose, period } = decline
    return declined[`${whose}_${period}`]
  }
  return fillText(declined.cooling, { seconds: String(Math.max(1, Math.ceil(decline.waitMs / 1000))) })
}
