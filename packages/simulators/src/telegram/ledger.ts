/** What the simulator alone has counted: the truth that a product's own metrics are compared with. */

/** The budgets of Telegram that a call can go beyond. */
export type LimitKind = 'bot' | 'paid' | 'private' | 'group' | 'actions'

/** One call beyond a budget. */
export interface Excess {
  kind: LimitKind
  chatId: number | undefined
  method: string
  /** Time of arrival, Unix ms with fractions. */
  atMs: number
  /** So much later it would have been within the budget. */
  earlyMs: number
}

/** The counts of one bot. */
export interface BotLedger {
  botId: number
  username: string
  updates: {
    /** Made for this bot, those of types it does not want left out. */
    made: number
    /** Not made, because `allowed_updates` excludes their type. */
    unwanted: number
    /** POSTs to webhooks, and updates handed out in an answer to getUpdates. */
    attempted: number
    /** Updates acknowledged: by a first 2xx, or by a getUpdates offset. */
    delivered: number
    /** Further 2xx for an update already acknowledged. */
    duplicates: number
    /** POSTs that brought no 2xx. */
    failed: number
    /** Too old to be delivered, or dropped by `drop_pending_updates`. */
    dropped: number
    /** Waiting now. */
    pending: number
  }
  /** Calls that arrived, by method. */
  calls: Record<string, number>
  /** Answers that were no success, by error code, faults included. */
  refusals: Record<string, number>
  /** 429s answered, by limits or faults. */
  floods: number
  sends: {
    /** Messages posted by the bot (an album counts its items), edits and deletions that were applied. */
    posted: number
    edited: number
    deleted: number
    /** Of the posted: those that `allow_paid_broadcast` went with. */
    paid: number
    /** Calls of those that were applied and whose answer was then cut by a hang-up. */
    cut: number
    /** Calls of those that were applied while the client was gone before the answer. */
    unheard: number
  }
  /** Calls beyond a budget, by kind, whether refused or applied. */
  overLimit: Record<LimitKind, number>
  /** The last 100 of them. */
  excesses: Excess[]
  entities: {
    /** Beyond the 100 of a message: Telegram drops them without a word. */
    dropped: number
    /** Removed because they cross or lie in others. */
    conflicting: number
    /** Texts refused for their entities. */
    refused: number
  }
}

/** The whole ledger. */
export interface Ledger {
  /** When the simulator started, Unix ms. */
  startedAtMs: number
  bots: BotLedger[]
}

const KEPT_EXCESSES = 100

/** A ledger without entries. */
export function createBotLedger(bot: { botId: number; username: string }): BotLedger {
  return {
    ...bot,
    updates: {
      made: 0,
      unwanted: 0,
      attempted: 0,
      delivered: 0,
      duplicates: 0,
      failed: 0,
      dropped: 0,
      pending: 0,
    },
    calls: {},
    refusals: {},
    floods: 0,
    sends: { posted: 0, edited: 0, deleted: 0, paid: 0, cut: 0, unheard: 0 },
    overLimit: { bot: 0, paid: 0, private: 0, group: 0, actions: 0 },
    excesses: [],
    entities: { dropped: 0, conflicting: 0, refused: 0 },
  }
}

/** Adds one to a count by name. */
export function countOne(counts: Record<string, number>, name: string | number): void {
  counts[name] = (counts[name] ?? 0) + 1
}

/** Notes a call beyond a budget. */
export function noteExcess(ledger: BotLedger, excess: Excess): void {
  ledger.overLimit[excess.kind]++
  ledger.excesses.push(excess)
  if (ledger.excesses.length > KEPT_EXCESSES) ledger.excesses.shift()
}
