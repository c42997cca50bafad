/** Reads OpenRouter's `error` object and its headers (docs: api_reference/errors-and-debugging, limits). */

/** What an error says, reduced to what can be acted on; no free text is kept. */
export interface Complaint {
  /** The HTTP status, else the number that `error.code` is. */
  status?: number
  /** `metadata.error_type`, else a text in `error.code`. */
  type?: string
  /** `metadata.limit_source`, which tells the kinds of 402 apart. */
  limitSource?: string
  /** `availability.retryable`, where present. */
  isRetryable?: boolean
  retryAfterMs?: number
  /** A 429 of OpenRouter's own: only those carry X-RateLimit headers. */
  isOwnLimit: boolean
  isKeyLimit: boolean
  isUnknownModel: boolean
  isTooLong: boolean
  /** What may be logged: status, type, provider and the like. */
  identifiers: string
}

/** Understands the `error` object of an answer or of a stream's event; anything else gives a complaint without details. */
export function complaintOf(error: unknown, answer: { status?: number; headers?: Headers } = {}): Complaint {
  const source = recordOf(error)
  const metadata = recordOf(source.metadata)
  const availability = recordOf(source.availability)
  const message = typeof source.message === 'string' ? source.message : ''
  const status = answer.status ?? statusOf(source.code)
  const type =
    identifierOf(metadata.error_type) ?? (statusOf(source.code) ? undefined : identifierOf(source.code))
  const limitSource = identifierOf(metadata.limit_source)
  const headers = answer.headers ?? new Headers()
  const ownHeaders = recordOf(metadata.headers)
  const retryAfterMs = retryAfterOf({ availability, headers, ownHeaders })
  return {
    ...(status !== undefined && { status }),
    ...(type !== undefined && { type }),
    ...(limitSource !== undefined && { limitSource }),
    ...(typeof availability.retryable === 'boolean' && { isRetryable: availability.retryable }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    isOwnLimit: headers.has('x-ratelimit-limit') || 'X-RateLimit-Limit' in ownHeaders,
    isKeyLimit: limitSource === 'openrouter_key_limit' || /^key limit exceeded/i.test(message),
    isUnknownModel: /is not a valid model id/i.test(message),
    isTooLong: (status === undefined || status === 400) && /maximum context length/i.test(message),
    identifiers: identifiersOf({ status, type, limitSource, metadata, availability }),
  }
}

function identifiersOf(said: {
  status: number | undefined
  type: string | undefined
  limitSource: string | undefined
  metadata: Record<string, unknown>
  availability: Record<string, unknown>
}): string {
  const named = [
    ['status', said.status],
    ['type', said.type],
    ['limit', said.limitSource],
    ['provider', providerOf(said.metadata.provider_name)],
    ['provider_code', identifierOf(said.metadata.provider_code)],
    ['availability', identifierOf(said.availability.code)],
  ]
  const known = named.filter(([, value]) => value !== undefined)
  return known.map(([name, value]) => `${name} ${value}`).join(', ') || 'no details'
}

/** OpenRouter's word in the body, the `Retry-After` header in seconds or as a date, or the reset of its own limit. */
function retryAfterOf(said: {
  availability: Record<string, unknown>
  headers: Headers
  ownHeaders: Record<string, unknown>
}): number | undefined {
  const { availability, headers, ownHeaders } = said
  if (typeof availability.retry_after === 'number') return Math.max(0, availability.retry_after * 1000)
  const header = headers.get('retry-after')
  if (header) {
    const ms = /^\d+(\.\d+)?$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now()
    if (Number.isFinite(ms)) return Math.max(0, ms)
  }
  const reset = Number(headers.get('x-ratelimit-reset') ?? ownHeaders['X-RateLimit-Reset'] ?? Number.NaN)
  return Number.isFinite(reset) ? Math.max(0, reset - Date.now()) : undefined
}

function statusOf(code: unknown): number | undefined {
  const status = typeof code === 'string' && /^\d{3}$/.test(code) ? Number(code) : code
  return typeof status === 'number' && status >= 400 && status < 600 ? status : undefined
}

/** A name in the manner of error_type, or a number; whatever could be a sentence or a key is dropped. */
function identifierOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && /^[A-Za-z]\w{0,39}$/.test(value) ? value : undefined
}

/** Up to three capitalized words, as in "Google AI Studio". */
function providerOf(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > 30) return undefined
  return /^[A-Z][\w.]*( [A-Z][\w.]*){0,2}$/.test(value) ? value : undefined
}

function recordOf(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {}
}
