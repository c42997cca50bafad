/** Says in the product's own words why OpenRouter did not answer, and whether trying again can help. */
import { APIConnectionTimeoutError, APIError } from 'openai'
import { type Complaint, complaintOf } from './complaint.ts'

/**
 * `bad_key`: the key is unknown or not allowed to do this. `no_credits`: the account is empty. `key_limit`: the key's own
 * limit is reached. `budget_in_flight`: the balance is low for what is under way, wait. `rate_limited`: by OpenRouter
 * itself. `upstream_rate_limited`: by the model's provider. `moderated`: the prompt or the answer was refused.
 * `context_too_long`: the prompt does not fit. `model_gone`: no such model, or nobody serves it. `provider_down`: errors
 * and time-outs behind OpenRouter or in it. `bad_request`: it was not understood. `unreachable`: no connection. `hung`:
 * nothing came for the idle time. `broken_stream`: the connection broke, or what came was not a stream. `cut_off`: the
 * stream ended without saying why. `empty`: it ended well, without a text.
 */
export type FaultCode =
  | 'bad_key'
  | 'no_credits'
  | 'key_limit'
  | 'budget_in_flight'
  | 'rate_limited'
  | 'upstream_rate_limited'
  | 'moderated'
  | 'context_too_long'
  | 'model_gone'
  | 'provider_down'
  | 'bad_request'
  | 'unreachable'
  | 'hung'
  | 'broken_stream'
  | 'cut_off'
  | 'empty'

/** Why there is no answer. */
export interface Fault {
  code: FaultCode
  /** Whether the same request may succeed later: OpenRouter's word where it gives one, else the code's habit. */
  retryable: boolean
  /** How long to wait first, where OpenRouter says so. */
  retryAfterMs?: number
  /** The HTTP status, or the status that an error inside a stream names. */
  status?: number
  /** For the operator: identifiers only, never the key, the prompt, or OpenRouter's own wording (it may quote both). */
  detail: string
  /** OpenRouter was not asked at all: it is known not to answer, or there was no room. */
  isHeld?: true
}

const RETRYABLE = new Set<FaultCode>([
  'budget_in_flight',
  'rate_limited',
  'upstream_rate_limited',
  'provider_down',
  'unreachable',
  'hung',
  'broken_stream',
  'cut_off',
  'empty',
])

/** A fault that this side noticed itself. */
export function faultWith(code: FaultCode, detail: string): Fault {
  return { code, retryable: RETRYABLE.has(code), detail }
}

/** The fault behind whatever a call threw: an error answer, an error inside a stream, or the network. */
export function faultOf(error: unknown): Fault {
  if (error instanceof APIConnectionTimeoutError) return faultWith('hung', 'no headers in time')
  if (error instanceof APIError && (error.status !== undefined || error.error !== undefined)) {
    return faultOfComplaint(
      complaintOf(error.error, {
        ...(error.status !== undefined && { status: error.status }),
        ...(error.headers !== undefined && { headers: error.headers }),
      }),
    )
  }
  const cause = causeOf(error)
  if (cause === 'UND_ERR_BODY_TIMEOUT' || cause === 'UND_ERR_HEADERS_TIMEOUT') return faultWith('hung', cause)
  if (error instanceof APIError) return faultWith('unreachable', cause ?? 'no connection')
  return faultWith('broken_stream', cause ?? 'not a readable stream')
}

/** The fault that OpenRouter's own error object names. */
export function faultOfComplaint(complaint: Complaint): Fault {
  const code = codeOf(complaint)
  return {
    code,
    retryable: complaint.isRetryable ?? RETRYABLE.has(code),
    ...(complaint.retryAfterMs !== undefined && { retryAfterMs: complaint.retryAfterMs }),
    ...(complaint.status !== undefined && { status: complaint.status }),
    detail: complaint.identifiers,
  }
}

/** OpenRouter's error types that say more than the status, or stand where there is none (inside a stream). */
const BY_TYPE: Record<string, FaultCode> = {
  context_length_exceeded: 'context_too_long',
  token_limit_exceeded: 'context_too_long',
  string_too_long: 'context_too_long',
  payload_too_large: 'context_too_long',
  max_tokens_exceeded: 'bad_request',
  authentication: 'bad_key',
  permission_denied: 'bad_key',
  content_policy_violation: 'moderated',
  refusal: 'moderated',
  not_found: 'model_gone',
  provider_overloaded: 'provider_down',
  provider_unavailable: 'provider_down',
  server: 'provider_down',
  server_error: 'provider_down',
  timeout: 'provider_down',
  invalid_request: 'bad_request',
  invalid_prompt: 'bad_request',
  unprocessable: 'bad_request',
}

function codeOf(complaint: Complaint): FaultCode {
  const { status, type } = complaint
  if (status === 402 || type === 'payment_required') return codeOfPayment(complaint)
  if (complaint.isKeyLimit) return 'key_limit'
  if (status === 429 || type === 'rate_limit_exceeded') {
    return complaint.isOwnLimit ? 'rate_limited' : 'upstream_rate_limited'
  }
  if (complaint.isUnknownModel) return 'model_gone'
  if (complaint.isTooLong) return 'context_too_long'
  return (type === undefined ? undefined : BY_TYPE[type]) ?? codeOfStatus(status)
}

function codeOfPayment({ limitSource, isKeyLimit }: Complaint): FaultCode {
  if (limitSource === 'openrouter_in_flight_budget') return 'budget_in_flight'
  return limitSource === 'openrouter_key_limit' || isKeyLimit ? 'key_limit' : 'no_credits'
}

function codeOfStatus(status: number | undefined): FaultCode {
  if (status === 401) return 'bad_key'
  if (status === 403) return 'moderated'
  if (status === 404) return 'model_gone'
  if (status === 413) return 'context_too_long'
  if (status === undefined || status === 408 || status >= 500) return 'provider_down'
  return 'bad_request'
}

/** undici names the network's trouble in `code`, on the error itself or on what caused it. */
function causeOf(error: unknown): string | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 4; at = at.cause, depth += 1) {
    const code = (at as { code?: unknown }).code
    if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,40}$/.test(code)) return code
  }
  return undefined
}
