/** What can go wrong, and for which requests. */

/** OpenRouter's `error` object; `code` is usually an HTTP status. */
export interface ErrorBody {
  code?: number | string
  message?: string
  metadata?: Record<string, unknown>
  availability?: Record<string, unknown>
}

/** An answer with an HTTP error status, before anything is streamed. */
export interface HttpFault {
  kind: 'http'
  status: number
  /** `code` and `message` come from the status where they are missing. */
  error?: ErrorBody
  retryAfterSeconds?: number
  headers?: Record<string, string>
  /** Sent as it is in place of the JSON, as a proxy in between would. */
  body?: string
}

/** Where an answer stops to come. */
export type HangPlace = 'headers' | 'comments' | 'empty_events' | 'text' | 'usage'

/** What goes wrong. `afterChunks` counts chunks of text; without it, 0. */
export type FaultKind =
  | HttpFault
  /** Status 200 and a JSON body that is an error. */
  | { kind: 'error_body'; error: ErrorBody }
  /** The stream carries an error: as its first event, or after chunks of text. */
  | { kind: 'error_chunk'; error: ErrorBody; afterChunks?: number }
  /** The connection breaks: before the headers, or after them and chunks of text. */
  | { kind: 'cut'; beforeHeaders?: boolean; afterChunks?: number }
  /** The stream ends in order, but without finish_reason, usage and [DONE]. */
  | { kind: 'end'; afterChunks?: number }
  /** An event that is not JSON. */
  | { kind: 'malformed'; afterChunks?: number }
  /** finish_reason `stop` and no text, or the blank text given. */
  | { kind: 'empty'; text?: string }
  /**
   * Nothing more comes, until `release`: before the headers, after them (comment lines only, or events without content),
   * after chunks of text, or between finish_reason and usage.
   */
  | { kind: 'hang'; at: HangPlace; afterChunks?: number }
  /** The stream ends in order after finish_reason, without usage and [DONE]. */
  | { kind: 'no_usage' }
  /** The answer ends early for this reason; without `afterChunks` it is whole. */
  | { kind: 'finish'; reason: string; afterChunks?: number }
  /** Every wait takes so many times longer. */
  | { kind: 'slow'; factor: number }
  /** The model thinks aloud first, in so many chunks at the stream's pace. */
  | { kind: 'reasoning'; chunks: number }

/** Which requests a fault meets: all of them, or those that fit everything given. */
export interface FaultScope {
  /** So many requests, then no more. */
  times?: number
  /** In [0, 1]; with `seed`, repeatable. */
  probability?: number
  seed?: number
  /** Only prompts whose newest user message contains it. */
  containing?: string
  /** Only this model: its `http` faults then let the fallback models answer. */
  model?: string
}
