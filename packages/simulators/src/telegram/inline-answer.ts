/** What bots offer people in inline mode. */

/** A result that can be chosen: what is sent then. */
export interface InlineResult {
  id: string
  /** The message's content and keyboard. */
  content: Record<string, unknown>
}

/** An inline query that was asked. */
export interface AskedInline {
  /** The user's id. */
  from: number
  query: string
  /** Undefined until it is answered. */
  results?: InlineResult[]
}

/** An answer to an inline query as the person sees it. */
export interface ShownInlineAnswer {
  queryId: string
  query: string
  /** As the bot gave them. */
  results: unknown[]
  /** What stands above the results. */
  button?: unknown
  /** With it, the next results can be asked for. */
  nextOffset?: string | undefined
  atMs: number
}
