/** What the gateway itself answers to a call that does not reach Telegram, in the Bot API's form. */
import type { BotAnswer } from '@chatlane/telegram'

/** An answer that says no. */
export type Refusal = BotAnswer & { ok: false }

/** So long is asked to wait who finds no room, or no Redis. */
const RETRY_AFTER_SECONDS = 2

/** As Telegram answers a path that it does not have. */
export const NOT_FOUND: Refusal = { ok: false, error_code: 404, description: 'Not Found' }
/** As Telegram answers a token that it does not know. */
export const UNAUTHORIZED: Refusal = { ok: false, error_code: 401, description: 'Unauthorized' }
/** As Telegram answers a body beyond its bounds. */
export const TOO_LARGE: Refusal = { ok: false, error_code: 413, description: 'Request Entity Too Large' }
/** The answer to an `Idempotency-Key` that was another call's. */
export const OTHERS_KEY: Refusal = {
  ok: false,
  error_code: 422,
  description: 'Unprocessable Entity: the Idempotency-Key belongs to a call of another method or chat',
}
/** The answer to a repeated call whose first one has none yet. */
export const STILL_OPEN: Refusal = {
  ok: false,
  error_code: 409,
  description: 'Conflict: the first call with this Idempotency-Key has no answer yet',
}
/** The answer to those who still wait when the gateway stops. */
export const STOPPED: Refusal = {
  ok: false,
  error_code: 504,
  description: 'Gateway Timeout: the gateway stops before the answer came; the call may still be made',
}
/** The answer where Redis went away in the instant in which it was given the call. */
export const UNCERTAIN: Refusal = {
  ok: false,
  error_code: 504,
  description: 'Gateway Timeout: Redis did not say whether it has the call, which may still be made',
}

/** A 400 that says what is wrong. */
export function badRequest(problem: string): Refusal {
  return { ok: false, error_code: 400, description: `Bad Request: ${problem}` }
}

/** A 503 that says why, and when to try again. */
export function unavailable(reason: string): Refusal {
  return {
    ok: false,
    error_code: 503,
    description: `Service Unavailable: ${reason}`,
    parameters: { retry_after: RETRY_AFTER_SECONDS },
  }
}
