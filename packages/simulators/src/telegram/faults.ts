/** Faults that tests order: which calls they meet, how often, and what they do. */
import type { ResponseParameters } from './bot-api-types.ts'
import type { Random } from './random.ts'

/** What a fault does to a call. */
export type FaultKind =
  /** 429 with `retry_after` and `Retry-After` (`retryAfterSeconds`, default 3). */
  | 'flood'
  /** 429 with an HTML body and no `retry_after`, as a proxy in front answers. */
  | 'flood-html'
  /** A 5xx with Telegram's JSON (`code` 500, `description` "Internal Server Error"). */
  | 'server-error'
  /** 502 with an HTML body. */
  | 'bad-gateway'
  /** Any refusal (`code` 400, `description`, `parameters`). */
  | 'refuse'
  /** The connection is cut without an answer. */
  | 'hang-up'
  /** The call waits `delayMs`. */
  | 'delay'

/** An order for faults. Whatever is left out matches every call. */
export interface Fault {
  kind: FaultKind
  /** The method's name as Telegram writes it. */
  method?: string
  chatId?: number
  botId?: number
  /** True: the call is applied first, then the fault meets its answer. Default false. */
  after?: boolean
  /** Meets so many calls, then is over. Default 1; with `probability`, without end. */
  times?: number
  /** The chance that a matching call is met. Default 1. */
  probability?: number
  /** Lets so many matching calls pass first. Default 0. */
  skip?: number
  retryAfterSeconds?: number
  delayMs?: number
  code?: number
  description?: string
  parameters?: ResponseParameters
}

/** A fault in force. */
export interface ActiveFault extends Fault {
  id: number
  /** Calls met so far. */
  met: number
}

interface Target {
  botId: number
  method: string
  chatId: number | undefined
}

/** Keeps the faults in force and picks the one that meets a call: the first that matches. */
export class Faults {
  private readonly random: Random
  private readonly active = new Map<number, ActiveFault & { left: number; toSkip: number }>()
  private lastId = 0

  constructor(random: Random) {
    this.random = random
  }

  /** Puts a fault in force; the id removes it. */
  add(fault: Fault): number {
    const id = ++this.lastId
    const left = fault.times ?? (fault.probability === undefined ? 1 : Number.POSITIVE_INFINITY)
    this.active.set(id, { ...fault, id, met: 0, left, toSkip: fault.skip ?? 0 })
    return id
  }

  /** Ends one fault, or all. */
  remove(id?: number): void {
    if (id === undefined) this.active.clear()
    else this.active.delete(id)
  }

  list(): ActiveFault[] {
    return [...this.active.values()].map(({ left: _, toSkip: __, ...fault }) => fault)
  }

  /** The fault that meets a call, if any does. */
  meet(target: Target): Fault | undefined {
    if (this.active.size === 0) return undefined
    for (const fault of this.active.values()) {
      if (!matches(fault, target)) continue
      if (fault.toSkip > 0) {
        fault.toSkip--
        continue
      }
      if (fault.probability !== undefined && this.random() >= fault.probability) continue
      fault.met++
      if (--fault.left <= 0) this.active.delete(fault.id)
      return fault
    }
    return undefined
  }
}

function matches(fault: Fault, { botId, method, chatId }: Target): boolean {
  return (
    (fault.method === undefined || fault.method === method) &&
    (fault.chatId === undefined || fault.chatId === chatId) &&
    (fault.botId === undefined || fault.botId === botId)
  )
}
