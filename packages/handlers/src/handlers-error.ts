/** Why an author's file can't be run. */

/**
 * - `HANDLERS_IMPORT`: evaluating the file failed; its error is the cause.
 * - `HANDLERS_EXPORT`: it exports nothing that handles updates.
 * - `HANDLERS_TELEGRAF`: it uses a Telegraf that this package does not know.
 */
export type HandlersErrorCode = 'HANDLERS_IMPORT' | 'HANDLERS_EXPORT' | 'HANDLERS_TELEGRAF'

/** Thrown by `loadHandlers`. Neither its message nor its cause shows a token. */
export class HandlersError extends Error {
  readonly code: HandlersErrorCode

  constructor(code: HandlersErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'HandlersError'
    this.code = code
  }
}
