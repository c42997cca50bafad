/** The refusal of a Bot API call, as Telegram words it. */
import type { ResponseParameters } from './bot-api-types.ts'

/** Thrown by methods; answered as `{ ok: false, error_code, description, parameters? }` with `code` as HTTP status. */
export class BotApiError extends Error {
  readonly code: number
  readonly parameters: ResponseParameters | undefined

  constructor(code: number, description: string, parameters?: ResponseParameters) {
    super(description)
    this.name = 'BotApiError'
    this.code = code
    this.parameters = parameters
  }
}

/** A 400; `reason` follows "Bad Request: ". */
export function badRequest(reason: string, parameters?: ResponseParameters): BotApiError {
  return new BotApiError(400, `Bad Request: ${reason}`, parameters)
}

/** A 403; `reason` follows "Forbidden: ". */
export function forbidden(reason: string): BotApiError {
  return new BotApiError(403, `Forbidden: ${reason}`)
}

/** A 429 with its `retry_after` (tdlib/telegram-bot-api Query.cpp:105). */
export function tooManyRequests(retryAfterSeconds: number): BotApiError {
  return new BotApiError(429, `Too Many Requests: retry after ${retryAfterSeconds}`, {
    retry_after: retryAfterSeconds,
  })
}

/** A mistake in the use of the simulator's controls (an unknown user, chat, message or button): 400 under `/sim`. */
export class SimulatorError extends Error {
  readonly code = 'simulator_misuse'

  constructor(message: string) {
    super(message)
    this.name = 'SimulatorError'
  }
}
