/** The HTTP errors that OpenRouter is known to answer with (docs: api_reference/errors-and-debugging, limits). */
import type { HttpFault } from './fault-kinds.ts'

const presets = {
  bad_key: http(401, 'User not found.', { error_type: 'authentication' }),
  no_credits: http(402, 'Insufficient credits. Add more using https://openrouter.ai/settings/credits', {
    error_type: 'payment_required',
    limit_source: 'openrouter_credits',
  }),
  key_limit: http(402, 'Key limit exceeded (total limit).', {
    error_type: 'payment_required',
    limit_source: 'openrouter_key_limit',
  }),
  budget_in_flight: {
    ...http(402, 'Your balance does not cover the requests that are under way.', {
      error_type: 'payment_required',
      limit_source: 'openrouter_in_flight_budget',
    }),
    retryAfterSeconds: 2,
  },
  moderated: http(403, 'The input was flagged by moderation.', {
    error_type: 'content_policy_violation',
    reasons: ['violence'],
    flagged_input: 'the flagged part of the prompt…',
    provider_name: 'OpenAI',
    model_slug: 'openai/gpt-4o-mini',
  }),
  model_gone: http(404, 'No endpoints found for this model.', { error_type: 'not_found' }),
  timeout: http(408, 'The request timed out.', { error_type: 'timeout' }),
  too_large: http(413, 'The request is too large.', { error_type: 'payload_too_large' }),
  rate_limited: {
    ...http(429, 'Rate limit exceeded: free-models-per-min.', { error_type: 'rate_limit_exceeded' }),
    retryAfterSeconds: 7,
    headers: {
      'X-RateLimit-Limit': '20',
      'X-RateLimit-Remaining': '0',
      'X-RateLimit-Reset': '4102444800000',
    },
  },
  upstream_rate_limited: {
    ...http(429, 'Provider returned error', {
      error_type: 'rate_limit_exceeded',
      provider_name: 'Azure',
      raw: 'the model is temporarily rate-limited upstream',
    }),
    retryAfterSeconds: 3,
  },
  server_error: http(500, 'Internal Server Error', { error_type: 'server' }),
  bad_gateway: http(502, 'Provider returned error', {
    error_type: 'provider_unavailable',
    provider_name: 'DeepInfra',
  }),
  no_provider: {
    ...http(503, 'There is no available model provider.', { error_type: 'provider_unavailable' }),
    retryAfterSeconds: 5,
  },
  overloaded: http(529, 'The provider is overloaded.', { error_type: 'provider_overloaded' }),
  context_too_long: http(400, "This endpoint's maximum context length is exceeded.", {
    error_type: 'context_length_exceeded',
  }),
  bad_request: http(400, 'Invalid request.', { error_type: 'invalid_request' }),
} satisfies Record<string, HttpFault>

/** The name of a well-known error. */
export type FaultPreset = keyof typeof presets

/** Each well-known error, ready to be armed. */
export const FAULT_PRESETS: Record<FaultPreset, HttpFault> = presets

/** Tells whether a text names a well-known error. */
export function isFaultPreset(name: unknown): name is FaultPreset {
  return typeof name === 'string' && Object.hasOwn(presets, name)
}

function http(status: number, message: string, metadata: Record<string, unknown>): HttpFault {
  return { kind: 'http', status, error: { code: status, message, metadata } }
}
