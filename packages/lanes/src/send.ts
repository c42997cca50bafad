/** What a pump asks of the one who makes its calls, and what it is told. */
import type { OutgoingDelivery, StreamView } from './outbox.ts'

/**
 * What became of a call to the outside. `countAs` is the tally series that the outcome counts in; `record` is what the
 * delivery's stream shows now ('' to forget it), `off` says that it shows no previews any more, `hasEnded` that it
 * has ended with what it shows. `answer` is told to the
 * one who waits for the call, once it is settled; '-' forgets the call.
 */
export type SendOutcome = {
  countAs?: string
  record?: string
  off?: boolean
  hasEnded?: boolean
  answer?: string
} & (
  | {
      /** Accepted, or refused for good: either way it is settled. */
      kind: 'settled'
      /** Refused for good: nobody can be reached in the chat, or something else. */
      refused?: 'blocked' | 'failed'
      /** Refused for what it is: why it is kept as a dead letter. A broadcast's call never is. */
      keptFor?: string
      /** No call was needed. */
      unused?: boolean
      /** Settled by a 429: its chat is held back for so long. */
      floodMs?: number
      /** More calls are needed before the stream's state is shown. */
      isPartial?: boolean
    }
  /** Not accepted now: tried again after `afterMs`. `unused`: nothing went out. */
  | { kind: 'again'; afterMs: number; unused?: boolean }
  /** Telegram asked for a pause of the chat. */
  | { kind: 'flood'; afterMs: number }
  /** Handed over, but the answer never came. */
  | { kind: 'unknown' }
  /** Goes out in another form instead. `unused`: nothing went out yet. */
  | { kind: 'replace'; payload: string; unused?: boolean }
)

/** A delivery with its chat, for the one who makes the call. */
export interface Outgoing {
  botId: string
  homeId: string
  delivery: OutgoingDelivery
  /** What the delivery's stream shows; empty where it belongs to none. */
  view: StreamView
  /** How often it came back unsent. */
  tries: number
  /** The how-many-th repeat of an unknown outcome this is. Default 0. */
  repeats?: number
  /** Set where the chat is a recipient of a broadcast. */
  broadcast?: { isPaid: boolean }
  /**
   * To be called in the instant in which the request's first byte leaves. False: it must not leave any more, and comes
   * to `again`. Without the call an outcome that stays unknown is posted again without being counted. `repeatable`: a
   * second time changes nothing (an edit), so that an unknown outcome counts as no repeat. Called again while the
   * request lasts, it prolongs the time in which its outcome may still change (16 s).
   */
  handOver(options: { repeatable: boolean }): boolean
}
