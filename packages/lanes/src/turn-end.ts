/** What a turn leaves behind: deliveries for the outbox and writes on the chat's own keys. */

/** How urgent a delivery is: 0 answers to commands and operators, 1 replies, 2 previews, 3 broadcasts. */
export type DeliveryClass = 0 | 1 | 2 | 3

/** One call for the sender. What the payload means is the caller's. */
export interface Delivery {
  /** Unique in its chat's outbox. No '|' inside. */
  id: string
  class: DeliveryClass
  /** What it counts as against the budgets: an album's items. Default 1. */
  items?: number
  /**
   * The stream that it belongs to: what a turn showed while it was made, and its end. The sender gets what the stream
   * shows together with the delivery. No '|' inside.
   */
  stream?: string
  /** Deliveries of one place leave in order; places of a chat take turns. No '|' inside. */
  place: string
  payload: string
}

/**
 * A change of one key of the chat, applied with the commit or not at all. `guard` (field, value, n) skips the next n
 * writes unless the hash's field has that value ('' for none). `expect` (field, value) refuses the whole commit then.
 */
export interface Write {
  command:
    | 'set'
    | 'hset'
    | 'hdel'
    | 'del'
    | 'expire'
    | 'hincrby'
    | 'hincrbyfloat'
    | 'sadd'
    | 'guard'
    | 'expect'
  key: string
  args: readonly (string | number | Buffer)[]
}

/** Everything that a turn leaves behind. */
export interface TurnEnd {
  /** The stream that ends with the turn: its preview, if one waits to be shown, is dropped. */
  stream?: string
  deliveries: readonly Delivery[]
  writes: readonly Write[]
  /** Set where the deliveries tell that the lane takes no more for now. */
  tellsOfShedding?: boolean
  /** Called once it is committed. What it begins holds up nothing; it must not throw. */
  onCommitted?(): void
  /** Set where the turn erased its own lane: there is nothing left to commit. */
  isErased?: true
}
