// What became of a call of the Bot API: the answers Telegram gives, and the silence it sometimes keeps.
import { fieldOf, idOf, isJsonObject, objectOf } from './json-fields.ts'
import { classifyRefusal, type RefusalReason } from './refusals.ts'

/**
 * What became of a call.
 * - `ok`: done; `description` is what Telegram says beside a few results.
 * - `flood`: not done, and nothing of the kind may be tried for `retryAfterMs`.
 * - `refused`: not done, and won't be; `description` is Telegram's text, without anything of the payload.
 * - `server-error`: answered with 5xx, or with what no Bot API answers. A 502 or 504 is a proxy's, behind which the
 *   call may have been done.
 * - `not-sent`: surely not done, for Telegram wasn't reached.
 * - `unknown`: handed over, but the answer was lost: it may have been done.
 *
 * `detail` is an error's code or a fixed word; it holds no token, address or payload.
 */
export type CallOutcome<T> =
  | { kind: 'ok'; result: T; description?: string }
  | { kind: 'flood'; retryAfterMs: number }
  | { kind: 'refused'; code: number; description: string; reason: RefusalReason; migrateToChatId?: number }
  | { kind: 'server-error'; status: number }
  | { kind: 'not-sent'; detail: string }
  | { kind: 'unknown'; detail: string }

/** A complete HTTP answer. */
export interface Answer {
  status: number
  /** The header `Retry-After`, if any. */
  retryAfter: string | undefined
  body: string
}

// When a proxy before the Bot API says 429, it doesn't say for how long.
const DEFAULT_RETRY_SECONDS = 5

/** Reads the Bot API's answer (https://core.telegram.org/bots/api#making-requests). */
export function readAnswer<T>(answer: Answer): CallOutcome<T> {
  const body = parseJson(answer.body)
  if (fieldOf(body, 'ok') === true && isSuccess(answer.status) && isJsonObject(body)) {
    const { result, description } = body
    return { kind: 'ok', result: result as T, ...(typeof description === 'string' && { description }) }
  }
  const stated = fieldOf(body, 'error_code')
  const code = isSuccess(answer.status) && typeof stated === 'number' ? stated : answer.status
  if (code === 429) return { kind: 'flood', retryAfterMs: retrySeconds(answer, body) * 1000 }
  if (code >= 400 && code < 500) return refusal(code, body)
  return isSuccess(code)
    ? { kind: 'unknown', detail: 'unreadable answer' }
    : { kind: 'server-error', status: code }
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function retrySeconds(answer: Answer, body: unknown): number {
  const stated = fieldOf(objectOf(body, 'parameters'), 'retry_after') ?? Number(answer.retryAfter)
  return typeof stated === 'number' && stated > 0 && Number.isFinite(stated) ? stated : DEFAULT_RETRY_SECONDS
}

function refusal<T>(code: number, body: unknown): CallOutcome<T> {
  const stated = fieldOf(body, 'description')
  const description = typeof stated === 'string' ? stated : ''
  const parameters = objectOf(body, 'parameters')
  const reason = classifyRefusal(code, description, parameters)
  const migrateToChatId = idOf(parameters, 'migrate_to_chat_id')
  return {
    kind: 'refused',
    code,
    description,
    reason,
    ...(migrateToChatId !== undefined && { migrateToChatId }),
  }
}
