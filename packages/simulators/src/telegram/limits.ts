/** Telegram's budgets of one bot, judged by when calls arrive at the server. */
import type { LimitKind } from './ledger.ts'
import type { LimitOptions } from './options.ts'
import { SlidingWindow } from './sliding-window.ts'
import { TokenBucket } from './token-bucket.ts'

/** What a call counts as. `free` calls (answers to queries, reads) count against nothing. */
export type Cost = 'send' | 'action' | 'free'

/** A call to be judged. */
export interface Arrival {
  cost: Cost
  /** Undefined where it is for no chat (an inline message). */
  chatId: number | undefined
  /** Messages it sends: an album's or a batch's items. */
  items: number
  /** Whether it is paid for: it then counts against the paid budget instead of the bot's. */
  isPaid?: boolean
  atMs: number
}

/** A budget that an arrival went beyond. */
export interface Overrun {
  kind: LimitKind
  /** In so many ms it would have been within. */
  earlyMs: number
}

interface Gate {
  earlyMs(atMs: number, items: number): number
  take(atMs: number, items: number): void
  isIdle(atMs: number): boolean
}

const PRUNE_AT = 20_000

/** Judges arrivals. A refused arrival is not counted: after its `retry_after` the next one passes. */
export class Limits {
  private readonly options: LimitOptions
  private readonly whole: SlidingWindow
  private readonly paid: SlidingWindow
  private readonly chats = new Map<number, Gate>()
  private readonly actions = new Map<number, Gate[]>()

  constructor(options: LimitOptions) {
    this.options = options
    this.whole = new SlidingWindow(options.botPerSecond, 1000)
    this.paid = new SlidingWindow(options.paidPerSecond, 1000)
  }

  /** The budgets it goes beyond, none if it is within all. It is counted unless it is refused (`enforce`). */
  judge(arrival: Arrival): Overrun[] {
    if (arrival.cost === 'free') return []
    const gates = this.gatesOf(arrival)
    const overruns: Overrun[] = []
    for (const [kind, gate] of gates) {
      const earlyMs = gate.earlyMs(arrival.atMs, arrival.items)
      if (earlyMs > 0) overruns.push({ kind, earlyMs })
    }
    if (overruns.length === 0 || !this.options.enforce) {
      for (const [, gate] of gates) gate.take(arrival.atMs, arrival.items)
    }
    return overruns
  }

  private gatesOf({ cost, chatId, atMs, isPaid }: Arrival): [LimitKind, Gate][] {
    if (cost === 'action') {
      return chatId === undefined
        ? []
        : this.actionGates(chatId, atMs).map((gate): [LimitKind, Gate] => ['actions', gate])
    }
    const gates: [LimitKind, Gate][] = [isPaid ? ['paid', this.paid] : ['bot', this.whole]]
    if (chatId !== undefined) gates.push([chatId < 0 ? 'group' : 'private', this.chatGate(chatId, atMs)])
    return gates
  }

  private chatGate(chatId: number, atMs: number): Gate {
    const known = this.chats.get(chatId)
    if (known !== undefined) return known
    if (this.chats.size >= PRUNE_AT) prune(this.chats, (gate) => gate.isIdle(atMs))
    const { groupPerMinute, chatBurst, chatPerSecond } = this.options
    const gate: Gate =
      chatId < 0
        ? new SlidingWindow(groupPerMinute, 60_000)
        : new TokenBucket({ size: chatBurst, perSecond: chatPerSecond })
    this.chats.set(chatId, gate)
    return gate
  }

  private actionGates(chatId: number, atMs: number): Gate[] {
    const known = this.actions.get(chatId)
    if (known !== undefined) return known
    if (this.actions.size >= PRUNE_AT)
      prune(this.actions, (gates) => gates.every((gate) => gate.isIdle(atMs)))
    const gates = [
      new SlidingWindow(this.options.actionsPer5s, 5000),
      new SlidingWindow(this.options.actionsPer30s, 30_000),
    ]
    this.actions.set(chatId, gates)
    return gates
  }
}

function prune<T>(entries: Map<number, T>, isDone: (entry: T) => boolean): void {
  for (const [id, entry] of entries) if (isDone(entry)) entries.delete(id)
}
