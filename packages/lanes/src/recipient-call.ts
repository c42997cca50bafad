/** One call to a recipient of the broadcast under way, for the pump: a chat that has no deliveries of its own. */
import type { RecipientResult, Recipients } from './broadcast-recipients.ts'
import type { Grant, GrantUse } from './budget.ts'
import type { ChatName } from './outbox.ts'
import type { Outgoing, SendOutcome } from './send.ts'

/** What a call to a recipient needs of the pump. */
export interface RecipientCall {
  recipients: Recipients
  chat: ChatName
  grant: Grant
  isTooLate(): boolean
  /** Makes the call; comes to `unknown` where it broke off. */
  send(outgoing: Outgoing): Promise<SendOutcome>
  /** Says that the request leaves now. */
  onHandedOver(): void
  onError(error: Error, what: string): void
  /** Tries again what Redis refuses: a call that was made and not noted would count as unknown. */
  persist<T>(note: () => Promise<T>): Promise<T>
}

/** The class of grants for recipients. */
export const RECIPIENTS = '4'

/** A recipient whose calls came back unsent so often counts as failed: a broadcast must end. */
const MOST_TRIES = 20

/** Calls the recipient, unless it is none any more. What follows for the chat is for the budget to say. */
export async function callRecipient(call: RecipientCall): Promise<GrantUse> {
  const { recipients, chat, grant } = call
  const token = grant.id
  const attempt = await recipients.attempt(chat, token)
  if (attempt.kind === 'held') return { next: '', used: false, holdMs: attempt.ms }
  if (attempt.kind !== 'send') return { next: '', used: false }
  const { broadcastId, payload, isPaid, tries } = attempt
  const note = (result: RecipientResult) =>
    call.persist(() => recipients.note(chat, { broadcastId, token, result }))
  if (call.isTooLate()) {
    await note({ kind: 'again' })
    return { next: '', used: false }
  }
  const handOver = () => {
    recipients.handOver(chat, token).catch((error) => call.onError(error, 'a hand-over could not be noted'))
    // Last of all: a process that froze until now must not send what another has taken over.
    if (call.isTooLate()) return false
    call.onHandedOver()
    return true
  }
  const delivery = { id: broadcastId, class: 3, items: 1, stream: '', place: '', atMs: 0, payload } as const
  const view = { state: undefined, record: '', isOff: false, isLost: false }
  const outcome = await call.send({ ...chat, delivery, view, tries, broadcast: { isPaid }, handOver })
  const isHopeless = outcome.kind === 'again' && tries >= MOST_TRIES
  await note(isHopeless ? { kind: 'failed' } : resultOf(outcome))
  return { next: '', used: true, ...heldBy(outcome) }
}

function resultOf(outcome: SendOutcome): RecipientResult {
  switch (outcome.kind) {
    case 'settled':
      return { kind: outcome.refused ?? 'sent' }
    case 'replace':
      return { kind: 'replace', payload: outcome.payload }
    case 'again':
    case 'flood':
      return { kind: 'again' }
    case 'unknown':
      return { kind: 'unknown' }
  }
}

function heldBy(outcome: SendOutcome): Partial<GrantUse> {
  if (outcome.kind === 'again') return { holdMs: outcome.afterMs }
  return outcome.kind === 'flood' ? { floodMs: outcome.afterMs } : {}
}
