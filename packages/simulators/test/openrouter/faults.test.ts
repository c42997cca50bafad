import { afterEach, beforeEach, expect, test } from 'vitest'
import { createOpenRouterSimulator, type OpenRouterFault, type OpenRouterSimulator } from '../../src/index.ts'
import { errorOf, eventsOf, post } from './ask.ts'

let simulator: OpenRouterSimulator

beforeEach(async () => {
  simulator = await createOpenRouterSimulator({
    firstTokenMs: [0, 0],
    totalMs: [0, 0],
    answers: 'echo',
    chunkChars: 2,
    commentEveryMs: 5,
  })
})

afterEach(() => simulator.close())

/** What the stream says under a fault, and how it ends. */
async function streamUnder(fault: OpenRouterFault): Promise<{ events: string[]; text: string }> {
  simulator.faults.add({ ...fault, times: 1 })
  const events = await eventsOf(await post(simulator, { stream: true }))
  const chunks = events.filter((event) => event.startsWith('{"id"')).map((event) => JSON.parse(event))
  return { events, text: chunks.map((chunk) => chunk.choices[0].delta.content).join('') }
}

test('an HTTP error has its status, metadata, availability and Retry-After', async () => {
  const availability = { code: 'temporarily_unavailable', retryable: true, retry_after: 4 }
  const error = { message: 'Busy', metadata: { error_type: 'provider_overloaded' }, availability }
  simulator.faults.add({ kind: 'http', status: 529, error, retryAfterSeconds: 4 })
  const response = await post(simulator, { stream: true })
  expect(response.status).toBe(529)
  expect(response.headers.get('retry-after')).toBe('4')
  expect(await errorOf(response)).toEqual({ code: 529, ...error })
})

test('a well-known error is armed by its name', async () => {
  simulator.faults.add({ preset: 'budget_in_flight' })
  const response = await post(simulator, {})
  expect(response.status).toBe(402)
  expect(response.headers.get('retry-after')).toBe('2')
  expect(await errorOf(response)).toMatchObject({ metadata: { limit_source: 'openrouter_in_flight_budget' } })
})

test('an error can be the first event of a stream, or follow its text', async () => {
  const error = { code: 502, message: 'Provider disconnected' }
  for (const afterChunks of [0, 2]) {
    const { events, text } = await streamUnder({ kind: 'error_chunk', error, afterChunks })
    expect(text).toBe('Hello'.slice(0, 2 * afterChunks))
    expect(JSON.parse(events.at(-1) ?? '')).toMatchObject({ error, choices: [{ finish_reason: 'error' }] })
  }
})

test('a stream can end without saying why, without usage, or with something that is not JSON', async () => {
  const ended = await streamUnder({ kind: 'end', afterChunks: 1 })
  expect(ended).toMatchObject({ text: 'He', events: { length: 1 } })
  const unpaid = await streamUnder({ kind: 'no_usage' })
  expect(unpaid.text).toBe('Hello')
  expect(unpaid.events.join()).not.toMatch(/usage|DONE/)
  const malformed = await streamUnder({ kind: 'malformed', afterChunks: 1 })
  expect(() => JSON.parse(malformed.events.at(-1) ?? '')).toThrow()
})

test('an answer can be empty, blank, or end early for a reason', async () => {
  expect(await streamUnder({ kind: 'empty' })).toMatchObject({ text: '' })
  expect(await streamUnder({ kind: 'empty', text: ' \n' })).toMatchObject({ text: ' \n' })
  const filtered = await streamUnder({ kind: 'finish', reason: 'content_filter', afterChunks: 1 })
  expect(filtered.text).toBe('He')
  expect(filtered.events.join()).toContain('"finish_reason":"content_filter"')
})

test('a model can think aloud before it answers', async () => {
  const { events, text } = await streamUnder({ kind: 'reasoning', chunks: 3 })
  expect(text).toBe('Hello')
  expect(events.filter((event) => event.includes('"reasoning":'))).toHaveLength(3)
})

test('a connection can break in mid-stream, after what was sent has arrived', async () => {
  simulator.faults.add({ kind: 'cut', afterChunks: 1 })
  const response = await post(simulator, { stream: true })
  let seen = ''
  const reading = async () => {
    for await (const part of response.body ?? []) seen += Buffer.from(part).toString()
  }
  await expect(reading()).rejects.toThrow('terminated')
  expect(seen).toContain('"content":"He"')
  expect(simulator.ledger()).toMatchObject({ failed: 1, aborted: 0, running: 0 })
})

test('a connection can break before the headers', async () => {
  simulator.faults.add({ kind: 'cut', beforeHeaders: true })
  await expect(post(simulator, { stream: true })).rejects.toThrow('fetch failed')
})

test('status 200 can carry an error as its body', async () => {
  simulator.faults.add({ kind: 'error_body', error: { code: 500, message: 'Oops' } })
  const response = await post(simulator, { stream: true })
  expect(response.status).toBe(200)
  expect(await errorOf(response)).toMatchObject({ code: 500 })
})

test('a hanging request goes on when it is released', async () => {
  for (const at of ['headers', 'text', 'usage'] as const) {
    const id = simulator.faults.add({ kind: 'hang', at, afterChunks: 1, times: 1 })
    const heard = simulator.requests().length
    const answer = post(simulator, { stream: true }).then(eventsOf)
    await simulator.waitFor((request) => request.id > heard && simulator.requests().length > heard)
    await releaseUntilDone(answer)
    expect((await answer).at(-1)).toBe('[DONE]')
    expect(simulator.faults.list().some((fault) => fault.id === id)).toBe(false)
  }
})

test('a hang after the headers sends comment lines and nothing else', async () => {
  simulator.faults.add({ kind: 'hang', at: 'comments' })
  const leaving = new AbortController()
  const response = await post(simulator, { stream: true }, { signal: leaving.signal })
  let seen = ''
  for await (const part of response.body ?? []) {
    seen += Buffer.from(part).toString()
    if (seen.length > 100) break
  }
  expect(seen.replaceAll(': OPENROUTER PROCESSING\n\n', '')).toBe('')
  leaving.abort()
  await simulator.waitFor((request) => request.state === 'aborted')
})

test('without stream a fault shows as a status or as a broken connection', async () => {
  simulator.faults.add({ kind: 'error_chunk', error: { code: 503, message: 'None' }, times: 1 })
  expect((await post(simulator, {})).status).toBe(503)
  simulator.faults.add({ kind: 'end', afterChunks: 1, times: 1 })
  await expect(post(simulator, {})).rejects.toThrow()
})

test('a fault meets only so many requests, a text, or a model', async () => {
  simulator.faults.add({ preset: 'server_error', times: 2 })
  const statuses = []
  for (let n = 0; n < 3; n += 1) statuses.push((await post(simulator, {})).status)
  simulator.faults.add({ preset: 'moderated', containing: 'bad word' })
  const poisoned = { messages: [{ role: 'user', content: 'a bad word here' }] }
  statuses.push((await post(simulator, {})).status, (await post(simulator, poisoned)).status)
  simulator.faults.add({ preset: 'model_gone', model: 'openai/gpt-4o' })
  statuses.push(
    (await post(simulator, {})).status,
    (await post(simulator, { model: 'openai/gpt-4o' })).status,
  )
  expect(statuses).toEqual([500, 500, 200, 200, 403, 200, 404])
})

test('a fault with a probability and a seed meets the same requests again', async () => {
  const draw = async () => {
    const id = simulator.faults.add({ preset: 'server_error', probability: 0.5, seed: 7 })
    const statuses = []
    for (let n = 0; n < 12; n += 1) statuses.push((await post(simulator, {})).status)
    simulator.faults.clear(id)
    return statuses
  }
  const first = await draw()
  expect(new Set(first)).toEqual(new Set([200, 500]))
  expect(await draw()).toEqual(first)
})

test('a fault that does not exist is refused', () => {
  expect(() => simulator.faults.add({ kind: 'nonsense' } as never)).toThrow(TypeError)
  expect(() => simulator.faults.add({ preset: 'nonsense' } as never)).toThrow(TypeError)
})

/** Releases again and again: the request may not hang yet when it is first seen. */
async function releaseUntilDone(answer: Promise<unknown>): Promise<void> {
  let isDone = false
  const noteDone = () => {
    isDone = true
  }
  answer.then(noteDone, noteDone)
  while (!isDone) {
    simulator.release()
    await new Promise((resolve) => setImmediate(resolve))
  }
}
