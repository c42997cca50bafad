/** What authors' code reaches outside of this package: its calls and its sessions. */

/** Telegram's answer to a call, as the Bot API words it. */
export type BotAnswer =
  | { ok: true; result: unknown }
  | {
      ok: false
      error_code: number
      description: string
      parameters?: { retry_after?: number; migrate_to_chat_id?: number }
    }

/** A call that an author's code makes. `T` is the worker's own notion of a turn. */
export interface HandlerCall<T> {
  /** Set for calls through the context; undefined for those on `bot.telegram`, whose turn the host finds itself. */
  turn: T | undefined
  /** The bot's token. */
  token: string
  method: string
  payload: Record<string, unknown>
  /** The author's own. */
  signal: AbortSignal | undefined
  /** Whether the payload carries bytes to upload. */
  hasFiles: boolean
  /** Makes the call as plain Telegraf would; resolves with its result or throws its error. Callable again. */
  direct(): Promise<unknown>
}

/** What the worker provides to authors' code. */
export interface HandlerHost<T> {
  /** Resolves with Telegram's answer; what it rejects with is passed on to the author as it is. */
  call(call: HandlerCall<T>): Promise<BotAnswer>
  /**
   * A session of a `session()` without a store; undefined where there is none. `isDefaultKey`: the key is Telegraf's own,
   * `<user id>:<chat id>`. `property`: what shows it in the context, `session` by default; in plain Telegraf the
   * sessions of different properties are different ones even under the same key.
   */
  readSession(turn: T, key: string, isDefaultKey: boolean, property: string): Promise<unknown>
  /** Keeps a session; null or undefined removes it. */
  writeSession(turn: T, key: string, value: unknown, isDefaultKey: boolean, property: string): Promise<void>
  /** Told once of each kind of thing that the platform does itself: `launch`, `setWebhook`. */
  onIgnored(what: string): void
}
