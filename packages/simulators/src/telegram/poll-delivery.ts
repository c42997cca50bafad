/** Long polling: one getUpdates of a bot waits at a time, a newer one ends it. */
import { BotApiError } from './bot-api-error.ts'
import type { Update } from './bot-api-types.ts'
import { nowMs } from './clock.ts'
import type { EventHub } from './event-hub.ts'
import type { BotLedger } from './ledger.ts'
import type { UpdateQueue } from './update-queue.ts'

/** What getUpdates asks for. */
export interface Poll {
  /** Below it everything is acknowledged; negative: so many from the end, the rest is acknowledged. */
  offset: number
  /** 1 to 100. */
  limit: number
  timeoutSeconds: number
  /** Aborts when the client has gone. */
  signal: AbortSignal
}

const CONFLICT =
  'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running'

/** Hands out a bot's updates by getUpdates. */
export class PollDelivery {
  private readonly queue: UpdateQueue
  private readonly ledger: BotLedger
  private readonly events: EventHub
  private again: Update[] = []
  private waiting: { wake: () => void; end: (error: BotApiError) => void } | undefined

  constructor(parts: { queue: UpdateQueue; ledger: BotLedger; events: EventHub }) {
    this.queue = parts.queue
    this.ledger = parts.ledger
    this.events = parts.events
  }

  /** Answers at once where updates wait, else at the first one or after the timeout. Throws 409 to the older poll. */
  async poll(poll: Poll): Promise<Update[]> {
    this.interrupt(new BotApiError(409, CONFLICT))
    this.acknowledgeBelow(poll.offset)
    const ready = this.take(poll)
    if (ready.length > 0 || poll.timeoutSeconds <= 0) return ready
    await this.wait(poll)
    return poll.signal.aborted ? [] : this.take(poll)
  }

  /** Ends a waiting poll with an error. */
  interrupt(error: BotApiError): void {
    this.waiting?.end(error)
  }

  /** Tells a waiting poll that there is something to take. */
  wake(): void {
    this.waiting?.wake()
  }

  /** Hands an acknowledged update out once more, with the next answer. */
  repeat(update: Update): void {
    this.again.push(update)
    this.wake()
  }

  /** Ends a waiting poll with an empty answer. */
  close(): void {
    this.again = []
    this.wake()
  }

  private wait({ timeoutSeconds, signal }: Poll): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const settle = (act: () => void) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', gone)
      if (this.waiting === waiting) this.waiting = undefined
      act()
    }
    const gone = () => settle(resolve)
    const timer = setTimeout(gone, timeoutSeconds * 1000)
    const waiting = { wake: gone, end: (error: BotApiError) => settle(() => reject(error)) }
    signal.addEventListener('abort', gone)
    this.waiting = waiting
    return promise
  }

  private acknowledgeBelow(offset: number): void {
    let surplus = offset < 0 ? this.queue.pending.size + offset : Number.POSITIVE_INFINITY
    for (const id of this.queue.pending.keys()) {
      if (offset < 0 ? surplus-- <= 0 : id >= offset) return
      this.queue.acknowledge(id)
    }
  }

  private take({ limit }: Poll): Update[] {
    const now = nowMs()
    const updates = this.again.splice(0, limit)
    for (const { update, expiresAtMs } of this.queue.pending.values()) {
      if (updates.length >= limit) break
      if (expiresAtMs <= now) this.queue.drop(update.update_id)
      else updates.push(update)
    }
    const { botId } = this.ledger
    for (const { update_id: updateId } of updates) {
      this.ledger.updates.attempted++
      this.events.emit({ type: 'delivery', botId, updateId, to: 'getUpdates', status: 200 })
    }
    return updates
  }
}
