/** A bot's updates from their making to their acknowledgement, whichever way they are delivered. */
import type { Update } from './bot-api-types.ts'
import { nowMs } from './clock.ts'
import type { EventHub } from './event-hub.ts'
import type { BotLedger } from './ledger.ts'
import { isWanted, kindOf, lifeSeconds } from './update-kinds.ts'

/** An update that waits. */
export interface PendingUpdate {
  update: Update
  expiresAtMs: number
}

/** What a queue is made of. */
export interface UpdateQueueParts {
  botId: number
  ledger: BotLedger
  events: EventHub
  firstId: number
  keepAcknowledged: number
}

/** Numbers updates, keeps them until they are acknowledged, and remembers the last acknowledged ones. */
export class UpdateQueue {
  readonly pending = new Map<number, PendingUpdate>()
  /** Undefined: Telegram's default list. */
  allowed: ReadonlySet<string> | undefined
  /** Called with each new update. */
  onAdded: (pending: PendingUpdate) => void = () => {}
  private readonly parts: UpdateQueueParts
  private readonly acknowledged = new Map<number, Update>()
  private nextId: number

  constructor(parts: UpdateQueueParts) {
    this.parts = parts
    this.nextId = parts.firstId
  }

  /** Sets `allowed_updates`; an empty list is the default list, as Telegram has it. */
  allow(kinds: readonly string[]): void {
    this.allowed = kinds.length === 0 ? undefined : new Set(kinds)
  }

  /** Makes an update, undefined where the bot does not want its kind. `ttlSeconds` replaces the kind's life. */
  add(content: Record<string, unknown>, ttlSeconds?: number): Update | undefined {
    const { ledger, events, botId } = this.parts
    const update: Update = { update_id: this.nextId, ...content }
    const kind = kindOf(update)
    if (!isWanted(kind, this.allowed)) {
      ledger.updates.unwanted++
      return undefined
    }
    this.nextId = update.update_id + 1
    const pending = { update, expiresAtMs: nowMs() + (ttlSeconds ?? lifeSeconds(kind)) * 1000 }
    this.pending.set(update.update_id, pending)
    ledger.updates.made++
    this.notePending()
    events.emit({ type: 'update', botId, update })
    this.onAdded(pending)
    return update
  }

  /** Ends an update's wait. False where it had ended before. */
  acknowledge(updateId: number): boolean {
    const pending = this.pending.get(updateId)
    if (pending === undefined) return false
    this.pending.delete(updateId)
    this.parts.ledger.updates.delivered++
    this.notePending()
    this.remember(pending.update)
    this.parts.events.emit({ type: 'acknowledge', botId: this.parts.botId, updateId })
    return true
  }

  /** Forgets an update that nobody will get. */
  drop(updateId: number): void {
    if (this.pending.delete(updateId)) this.parts.ledger.updates.dropped++
    this.notePending()
  }

  /** An update that was acknowledged before, if it is still remembered. */
  recall(updateId: number): Update | undefined {
    return this.acknowledged.get(updateId)
  }

  private remember(update: Update): void {
    this.acknowledged.set(update.update_id, update)
    if (this.acknowledged.size <= this.parts.keepAcknowledged) return
    for (const oldest of this.acknowledged.keys()) {
      this.acknowledged.delete(oldest)
      return
    }
  }

  private notePending(): void {
    this.parts.ledger.updates.pending = this.pending.size
  }
}
