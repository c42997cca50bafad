import { afterEach, expect, test } from 'vitest'
import {
  createOpenRouterSimulator,
  type OpenRouterSimulator,
  type OpenRouterSimulatorOptions,
  promptHash,
} from '../../src/index.ts'
import { errorOf, eventsOf, KEY, MODEL, post, textOf } from './ask.ts'

const FAST: OpenRouterSimulatorOptions = { firstTokenMs: [0, 0], totalMs: [0, 0], seed: 1 }
const running: OpenRouterSimulator[] = []

async function start(options: OpenRouterSimulatorOptions = {}): Promise<OpenRouterSimulator> {
  const simulator = await createOpenRouterSimulator({ ...FAST, ...options })
  running.push(simulator)
  return simulator
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((simulator) => simulator.close()))
})

test('a stream has comments, text, a finish reason that is repeated beside the usage, and an end mark', async () => {
  const simulator = await start({ answers: 'echo', chunkChars: 3 })
  const response = await post(simulator, { stream: true })
  const id = response.headers.get('x-generation-id')
  expect(response.headers.get('content-type')).toBe('text/event-stream')
  expect(id).toMatch(/^gen-/)
  const raw = await response.text()
  expect(raw).toContain(': OPENROUTER PROCESSING\n\n')
  const events = raw.match(/(?<=^data: ).*$/gm) ?? []
  expect(events.at(-1)).toBe('[DONE]')
  const chunks = events.slice(0, -1).map((event) => JSON.parse(event))
  expect(chunks.every((chunk) => chunk.id === id && chunk.model === MODEL)).toBe(true)
  expect(chunks.map((chunk) => chunk.choices[0].delta.content)).toEqual(['Hel', 'lo', '', ''])
  expect(chunks.map((chunk) => chunk.choices[0].finish_reason)).toEqual([null, null, 'stop', 'stop'])
  expect(chunks.at(-1).usage).toMatchObject({
    prompt_tokens: 6,
    completion_tokens: 2,
    cost: 0.0000021,
    prompt_tokens_details: { cached_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0 },
    cost_details: { upstream_inference_cost: 0.0000021 },
  })
})

test('without stream the whole completion comes as one body', async () => {
  const simulator = await start({ answers: 'echo' })
  const body = (await (await post(simulator, {})).json()) as Record<string, unknown>
  expect(body).toMatchObject({
    object: 'chat.completion',
    choices: [{ finish_reason: 'stop', message: { role: 'assistant', content: 'Hello' } }],
    usage: { prompt_tokens: 6, completion_tokens: 2 },
  })
})

test('a hash answer holds the fingerprint of exactly the messages that were sent', async () => {
  const simulator = await start({ answers: 'hash' })
  const messages = [
    { role: 'system', content: 'Be kind.' },
    { role: 'user', content: 'Привет' },
  ]
  const text = await textOf(await post(simulator, { messages: messages.map((m) => ({ ...m, name: 'x' })) }))
  expect(text).toContain(promptHash(messages))
  expect(text).toContain('2 messages')
  expect(promptHash([{ role: 'user', content: 'Hello' }])).toBe(
    '79b3a8c372541f14480e9a4c440862c4c5acd309672f21e34a73ae267a3aeaaa',
  )
})

test('a chat answer speaks the language of the prompt and counts what it was given', async () => {
  const simulator = await start()
  const first = await textOf(await post(simulator, { messages: [{ role: 'user', content: 'Привет, мир' }] }))
  expect(first).toContain('**Привет, мир**')
  expect(first).toContain('первое сообщение')
  const messages = [
    { role: 'system', content: 'Be kind.' },
    { role: 'user', content: 'I like tea' },
    { role: 'assistant', content: 'Noted.' },
    { role: 'user', content: 'show me code' },
  ]
  const second = await textOf(await post(simulator, { messages }))
  expect(second).toContain('**2** earlier messages')
  expect(second).toContain('I like tea')
  expect(second).toContain('```ts')
})

test('an answer that was asked to be long fills more than one Telegram message', async () => {
  const simulator = await start()
  const text = await textOf(await post(simulator, { messages: [{ role: 'user', content: 'a long story' }] }))
  expect(text.length).toBeGreaterThan(4096)
})

test('a function may write the answers, and what it throws is a 500', async () => {
  const simulator = await start({ answers: ({ model, messages }) => `${model} saw ${messages.length}` })
  expect(await textOf(await post(simulator, {}))).toBe(`${MODEL} saw 1`)
  simulator.setAnswers(() => {
    throw new Error('no idea')
  })
  const response = await post(simulator, {})
  expect(response.status).toBe(500)
  expect(await errorOf(response)).toMatchObject({ message: 'Error: no idea' })
  expect(simulator.ledger()).toMatchObject({ running: 0, finished: 1, failed: 1 })
})

test('the longest answer is obeyed and ends with length', async () => {
  const simulator = await start({ answers: () => 'слово '.repeat(100) })
  for (const limit of [{ max_tokens: 10 }, { max_completion_tokens: 10 }]) {
    const body = await (await post(simulator, limit)).json()
    expect(body).toMatchObject({ choices: [{ finish_reason: 'length' }], usage: { completion_tokens: 10 } })
  }
})

test('a key that is not accepted is refused in the shape of OpenRouter', async () => {
  const simulator = await start({ apiKeys: ['another'] })
  const response = await post(simulator, {})
  expect(response.status).toBe(401)
  expect(await errorOf(response)).toMatchObject({ code: 401, message: 'User not found.' })
  expect((await fetch(`${simulator.url}/key`)).status).toBe(401)
})

test('an account without credits is refused', async () => {
  const simulator = await start({ creditsUsd: 0.000001, answers: 'echo' })
  expect((await post(simulator, {})).status).toBe(200)
  expect((await post(simulator, {})).status).toBe(402)
})

test('what is no request, an unknown model and too long a prompt are 400', async () => {
  const simulator = await start()
  const asked = [
    { messages: [] },
    { model: 'nobody/nothing' },
    { model: 'undi95/remm-slerp-l2-13b', messages: [{ role: 'user', content: 'x'.repeat(40_000) }] },
  ]
  for (const body of asked) expect((await post(simulator, body)).status).toBe(400)
})

test('a fallback model answers where the first is unknown, too small or at fault', async () => {
  const simulator = await start()
  simulator.faults.add({ preset: 'no_provider', model: 'openai/gpt-4o' })
  for (const model of ['nobody/nothing', 'openai/gpt-4o']) {
    const response = await post(simulator, { model, models: ['openai/gpt-4.1'] })
    expect(await response.json()).toMatchObject({ model: 'openai/gpt-4.1' })
  }
})

test('the listing has a few dozen models in the shape of OpenRouter', async () => {
  const simulator = await start({ models: ['own/model'] })
  const { data } = (await (await fetch(`${simulator.url}/models`)).json()) as { data: { id: string }[] }
  expect(data.length).toBeGreaterThan(30)
  expect(data.find((model) => model.id === MODEL)).toMatchObject({
    context_length: 128_000,
    pricing: { prompt: '0.00000015', completion: '0.0000006' },
    top_provider: { max_completion_tokens: 16_384 },
  })
  expect(data.at(-1)?.id).toBe('own/model')
})

test('the account and a generation can be asked for', async () => {
  const simulator = await start({ answers: 'echo', creditsUsd: 5 })
  const id = (await (await post(simulator, {})).json()) as { id: string }
  const headers = { Authorization: `Bearer ${KEY}` }
  const ask = async (path: string) => (await fetch(`${simulator.url}${path}`, { headers })).json()
  expect(await ask('/credits')).toEqual({ data: { total_credits: 5, total_usage: 0.0000021 } })
  expect(await ask('/key')).toMatchObject({ data: { limit: 5, usage: 0.0000021, is_free_tier: false } })
  expect(await ask(`/generation?id=${id.id}`)).toMatchObject({
    data: { id: id.id, total_cost: 0.0000021, tokens_prompt: 6, cancelled: false },
  })
  expect((await fetch(`${simulator.url}/generation?id=gen-none`, { headers })).status).toBe(404)
})

test('a client that leaves in mid-stream is noted, and pays for what it got', async () => {
  const simulator = await start({ answers: 'echo', chunkChars: 2 })
  simulator.faults.add({ kind: 'hang', at: 'text', afterChunks: 1 })
  const leaving = new AbortController()
  const response = await post(simulator, { stream: true }, { signal: leaving.signal })
  await simulator.waitFor((request) => request.text === 'He')
  leaving.abort()
  await expect(response.text()).rejects.toThrow()
  const record = await simulator.waitFor((request) => request.state === 'aborted')
  expect(record).toMatchObject({ text: 'He', usage: { completionTokens: 1 } })
  expect(simulator.ledger()).toMatchObject({ requests: 1, running: 0, aborted: 1, completionTokens: 1 })
})

test('requests are remembered without the key, and only so many', async () => {
  const simulator = await start({ keepRequests: 2, answers: 'echo' })
  for (const user of ['a', 'b', 'c']) await post(simulator, { user, session_id: `s-${user}`, max_tokens: 9 })
  expect(simulator.requests()).toMatchObject([
    { user: 'b', id: 2 },
    { user: 'c', id: 3, sessionId: 's-c', maxTokens: 9, model: MODEL, state: 'finished', status: 200 },
  ])
  expect(JSON.stringify(simulator.requests())).not.toContain(KEY)
  expect(simulator.ledger()).toMatchObject({ requests: 3, finished: 3, completionTokens: 6 })
})

test('a thousand streams at once all come to their end', async () => {
  const simulator = await start({ firstTokenMs: [10, 300], totalMs: [300, 900], answers: 'hash' })
  const ends = await Promise.all(
    Array.from({ length: 1000 }, async () =>
      (await eventsOf(await post(simulator, { stream: true }))).at(-1),
    ),
  )
  expect(new Set(ends)).toEqual(new Set(['[DONE]']))
  expect(simulator.ledger()).toMatchObject({ requests: 1000, finished: 1000, running: 0 })
})

test('whoever waits for a request that never comes is told that the simulator closed', async () => {
  const simulator = await start()
  const waiting = expect(simulator.waitFor(() => false)).rejects.toThrow('closed')
  await simulator.close()
  await waiting
})
