import type { ErrorBody, FaultPreset, OpenRouterFault } from '@chatlane/simulators'
import { expect, test } from 'vitest'
import { type AnswerOutcome, createOpenRouter, type Fault, type FaultCode } from '../src/index.ts'
import { ANSWER, IDLE_MS, KEY, REQUEST, SECRET_PROMPT, useHarness } from './harness.ts'

const h = useHarness()

function faultIn(outcome: AnswerOutcome): Fault {
  if (outcome.kind !== 'failed') throw new Error(`expected a failure, got ${outcome.kind}`)
  return outcome.fault
}

const PRESETS: [FaultPreset, Partial<Fault>][] = [
  ['bad_key', { code: 'bad_key', retryable: false, status: 401 }],
  ['no_credits', { code: 'no_credits', retryable: false, status: 402 }],
  ['key_limit', { code: 'key_limit', retryable: false, status: 402 }],
  ['budget_in_flight', { code: 'budget_in_flight', retryable: true, status: 402, retryAfterMs: 2000 }],
  ['moderated', { code: 'moderated', retryable: false, status: 403 }],
  ['model_gone', { code: 'model_gone', retryable: false, status: 404 }],
  ['timeout', { code: 'provider_down', retryable: true, status: 408 }],
  ['too_large', { code: 'context_too_long', retryable: false, status: 413 }],
  ['rate_limited', { code: 'rate_limited', retryable: true, status: 429, retryAfterMs: 7000 }],
  ['upstream_rate_limited', { code: 'upstream_rate_limited', retryable: true, retryAfterMs: 3000 }],
  ['server_error', { code: 'provider_down', retryable: true, status: 500 }],
  ['bad_gateway', { code: 'provider_down', retryable: true, status: 502 }],
  ['no_provider', { code: 'provider_down', retryable: true, status: 503, retryAfterMs: 5000 }],
  ['overloaded', { code: 'provider_down', retryable: true, status: 529 }],
  ['context_too_long', { code: 'context_too_long', retryable: false, status: 400 }],
  ['bad_request', { code: 'bad_request', retryable: false, status: 400 }],
]

test.each(PRESETS)('the error %s before the stream is understood', async (preset, fault) => {
  const outcome = await h.under({ preset })
  expect(outcome).toMatchObject({ kind: 'failed', partial: '', fault })
  expect(h.simulator.requests()).toHaveLength(1)
})

test.each<[string, OpenRouterFault, FaultCode]>([
  ['a bare 401', { kind: 'http', status: 401 }, 'bad_key'],
  ['a bare 402', { kind: 'http', status: 402 }, 'no_credits'],
  ['a bare 403', { kind: 'http', status: 403 }, 'moderated'],
  ['a bare 404', { kind: 'http', status: 404 }, 'model_gone'],
  ['a bare 422', { kind: 'http', status: 422 }, 'bad_request'],
  ['a bare 429', { kind: 'http', status: 429 }, 'upstream_rate_limited'],
  ['a bare 524', { kind: 'http', status: 524 }, 'provider_down'],
  ['a page of a proxy', { kind: 'http', status: 502, body: '<h1>Bad gateway</h1>' }, 'provider_down'],
  ['an empty body', { kind: 'http', status: 500, body: '' }, 'provider_down'],
  [
    'the older shape of a key limit',
    { kind: 'http', status: 403, error: { message: 'Key limit exceeded (daily limit).' } },
    'key_limit',
  ],
  [
    'a key that may not do this',
    { kind: 'http', status: 403, error: { metadata: { error_type: 'permission_denied' } } },
    'bad_key',
  ],
  [
    'an unknown model',
    { kind: 'http', status: 400, error: { message: 'x/y is not a valid model ID' } },
    'model_gone',
  ],
  [
    'a long context that only the message tells of',
    {
      kind: 'http',
      status: 400,
      error: { message: "This endpoint's maximum context length is 8192 tokens." },
    },
    'context_too_long',
  ],
])('%s is understood', async (_name, fault, code) => {
  expect(faultIn(await h.under(fault)).code).toBe(code)
})

test.each<[string, ErrorBody, FaultCode]>([
  ['a status as a number', { code: 502, message: 'Provider disconnected' }, 'provider_down'],
  ['a status as a text', { code: '402', message: 'No credits' }, 'no_credits'],
  ['a name as its code', { code: 'server_error', message: 'Oops' }, 'provider_down'],
  ['a rate limit', { code: 429, message: 'Slow down' }, 'upstream_rate_limited'],
  ['a type alone', { metadata: { error_type: 'content_policy_violation' } }, 'moderated'],
  ['a context', { code: 400, metadata: { error_type: 'context_length_exceeded' } }, 'context_too_long'],
  ['nothing but a message', { message: 'Something happened' }, 'provider_down'],
])('an error inside a stream is understood that has %s', async (_name, error, code) => {
  expect(await h.under({ kind: 'error_chunk', error })).toMatchObject({ fault: { code }, partial: '' })
  expect(await h.under({ kind: 'error_chunk', error, afterChunks: 2 })).toMatchObject({
    kind: 'failed',
    fault: { code },
    partial: 'Hello from',
    generationId: expect.stringMatching(/^gen-/),
  })
})

test.each<[string, OpenRouterFault, FaultCode, string]>([
  ['breaks at once', { kind: 'cut' }, 'broken_stream', ''],
  ['breaks in the middle', { kind: 'cut', afterChunks: 2 }, 'broken_stream', 'Hello from'],
  ['breaks before its headers', { kind: 'cut', beforeHeaders: true }, 'unreachable', ''],
  ['is not JSON', { kind: 'malformed', afterChunks: 1 }, 'broken_stream', 'Hello'],
  ['ends at once', { kind: 'end' }, 'cut_off', ''],
  ['ends without saying why', { kind: 'end', afterChunks: 2 }, 'cut_off', 'Hello from'],
  [
    'ends with the reason error',
    { kind: 'finish', reason: 'error', afterChunks: 1 },
    'provider_down',
    'Hello',
  ],
  ['is empty', { kind: 'empty' }, 'empty', ''],
  ['is blank', { kind: 'empty', text: ' \n\t' }, 'empty', ' \n\t'],
  ['is filtered', { kind: 'finish', reason: 'content_filter', afterChunks: 1 }, 'moderated', 'Hello'],
  ['is an error body', { kind: 'error_body', error: { code: 401, message: 'No' } }, 'bad_key', ''],
])('a stream that %s fails with what there was', async (_name, fault, code, partial) => {
  expect(await h.under(fault)).toMatchObject({ kind: 'failed', fault: { code }, partial })
})

test.each<[string, OpenRouterFault, string]>([
  ['before the headers', { kind: 'hang', at: 'headers' }, ''],
  ['after them, with comment lines only', { kind: 'hang', at: 'comments' }, ''],
  ['after them, with empty events only', { kind: 'hang', at: 'empty_events' }, ''],
  ['in the middle', { kind: 'hang', at: 'text', afterChunks: 1 }, 'Hello'],
])('a request that hangs %s is given up', async (_name, fault, partial) => {
  const outcome = await h.under(fault, h.impatient)
  expect(outcome).toMatchObject({ kind: 'failed', fault: { code: 'hung', retryable: true }, partial })
  await h.simulator.waitFor((request) => request.state === 'aborted')
})

test('an empty answer is worth another try unless its length was used up', async () => {
  expect(faultIn(await h.under({ kind: 'empty' })).retryable).toBe(true)
  expect(faultIn(await h.under({ kind: 'finish', reason: 'length', afterChunks: 0 }))).toMatchObject({
    code: 'empty',
    retryable: false,
  })
})

test('what OpenRouter says about retrying wins over what the code suggests', async () => {
  const said = (status: number, availability: Record<string, unknown>) =>
    h.under({ kind: 'http', status, error: { availability }, retryAfterSeconds: 60 }).then(faultIn)
  expect(await said(503, { code: 'gone', retryable: false })).toMatchObject({ retryable: false })
  expect(await said(404, { code: 'soon', retryable: true, retry_after: 9 })).toMatchObject({
    code: 'model_gone',
    retryable: true,
    retryAfterMs: 9000,
  })
})

test('a wait can be a date, or the reset of the own limit', async () => {
  const at = new Date(Date.now() + 3_600_000)
  const wait = async (headers: Record<string, string>) =>
    faultIn(await h.under({ kind: 'http', status: 429, headers })).retryAfterMs
  for (const headers of [
    { 'Retry-After': at.toUTCString() },
    { 'X-RateLimit-Limit': '20', 'X-RateLimit-Reset': String(at.getTime()) },
  ]) {
    const ms = await wait(headers as Record<string, string>)
    expect(ms).toBeGreaterThan(3_000_000)
    expect(ms).toBeLessThanOrEqual(3_600_000)
  }
})

test('a server that is not there is unreachable', async () => {
  await h.simulator.close()
  expect(faultIn(await h.client.answer(REQUEST))).toEqual({
    code: 'unreachable',
    retryable: true,
    detail: 'ECONNREFUSED',
  })
})

test('a detail names status, type and provider', async () => {
  expect(faultIn(await h.under({ preset: 'bad_gateway' })).detail).toBe(
    'status 502, type provider_unavailable, provider DeepInfra',
  )
})

test('neither the key nor the prompt is in any outcome, whatever OpenRouter quotes', async () => {
  const loud: ErrorBody = {
    code: 400,
    message: `Incorrect API key ${KEY} for "${SECRET_PROMPT}"`,
    metadata: {
      error_type: KEY,
      provider_name: `Provider ${SECRET_PROMPT} and so on and on`,
      provider_code: `Bearer ${KEY}`,
      flagged_input: SECRET_PROMPT,
      raw: { key: KEY },
    },
    availability: { code: `${SECRET_PROMPT} hello` },
  }
  const outcomes = [
    await h.under({ kind: 'http', status: 400, error: loud }),
    await h.under({ kind: 'http', status: 500, body: `${KEY} ${SECRET_PROMPT}` }),
    await h.under({ kind: 'error_chunk', error: loud }),
    await h.under({ kind: 'error_body', error: loud }),
    ...(await Promise.all(PRESETS.map(([preset]) => h.under({ preset })))),
    await createOpenRouter({ apiKey: `${KEY}x`, baseUrl: h.simulator.url, idleTimeoutMs: IDLE_MS }).answer(
      REQUEST,
    ),
  ]
  expect(outcomes.every((outcome) => outcome.kind === 'failed')).toBe(true)
  const said = JSON.stringify(outcomes)
  expect(said).not.toContain(KEY)
  expect(said).not.toContain(KEY.slice(8))
  expect(said).not.toContain(SECRET_PROMPT)
  expect(said).not.toContain(ANSWER)
})
