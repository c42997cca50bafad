/** Queries of people that wait for a bot's answer. */
import type { InlineResult } from './inline-answer.ts'
import type { Params } from './params.ts'

/** What a query was asked with. */
export interface QueryOptions {
  /** The chat of a callback query's message. */
  chatId?: number | undefined
  /** How long it may be answered. Default 150. */
  lifeSeconds?: number
  /** Called with the first answer; the query is closed by it. */
  onAnswered?: (answer: QueryAnswer) => void
}

/** A query that waits for its answer. */
export interface OpenQuery extends QueryOptions {
  expiresAtMs: number
}

/** What a bot answers to a query. */
export interface QueryAnswer {
  params: Params
  /** Those of an inline query. */
  results: InlineResult[]
}
