import { expect, test } from 'vitest'
import { createOpenRouter } from '../src/index.ts'
import { ANSWER, IDLE_MS, KEY, REQUEST, useHarness } from './harness.ts'

const h = useHarness()

test('an answer comes with its text, its reason, its model, its name and what it cost', async () => {
  const outcome = await h.client.answer(REQUEST)
  expect(outcome).toEqual({
    kind: 'answered',
    text: ANSWER,
    finishReason: 'stop',
    model: 'openai/gpt-4o-mini',
    generationId: h.simulator.requests()[0]?.generationId,
    usage: { ...h.simulator.requests()[0]?.usage, isKnown: true },
    firstTokenMs: expect.any(Number),
    totalMs: expect.any(Number),
  })
  expect(outcome).toMatchObject({ usage: { promptTokens: 15, completionTokens: 5, costUsd: 0.00000525 } })
})

test('the text grows delta by delta, and the generation is named before it', async () => {
  const heard: string[] = []
  await h.client.answer(REQUEST, {
    onGeneration: (id) => heard.push(id.slice(0, 4)),
    onDelta: (textSoFar, delta) => heard.push(`${textSoFar}|${delta}`),
  })
  expect(heard).toEqual([
    'gen-',
    'Hello|Hello',
    'Hello from| from',
    'Hello from the | the ',
    'Hello from the model|model',
  ])
})

test('thoughts between tags are no part of the answer, nor of what is shown of it', async () => {
  h.answer = () => '<think>\nThe user greets. 2 < 3.\n</think>\n\nHello, `<think>` is a tag.'
  const shown: string[] = []
  const outcome = await h.client.answer(REQUEST, { onDelta: (textSoFar) => shown.push(textSoFar) })
  expect(outcome).toMatchObject({ kind: 'answered', text: 'Hello, `<think>` is a tag.' })
  expect(shown.length).toBeGreaterThan(2)
  for (const text of shown) expect('Hello, `<think>` is a tag.'.startsWith(text)).toBe(true)
})

test('an answer that is thought alone is empty', async () => {
  h.answer = () => '<think>I do not know what'
  expect(await h.client.answer(REQUEST)).toMatchObject({ kind: 'failed', fault: { code: 'empty' } })
})

test('who asks about such tags gets them', async () => {
  h.answer = () => '<think>like this</think>'
  const messages = [{ role: 'user' as const, content: 'Write "like this" between <think> and </think>.' }]
  expect(await h.client.answer({ ...REQUEST, messages })).toMatchObject({ text: '<think>like this</think>' })
})

test('everything that is asked reaches OpenRouter', async () => {
  const client = createOpenRouter({
    apiKey: KEY,
    baseUrl: h.simulator.url,
    idleTimeoutMs: IDLE_MS,
    appTitle: 'Chatlane',
    appUrl: 'https://chatlane.example',
  })
  await client.answer({
    ...REQUEST,
    fallbackModels: ['openai/gpt-4o', 'openai/gpt-4.1'],
    maxTokens: 700,
    user: 'a1b2',
    sessionId: 'lane-7',
  })
  expect(h.simulator.requests()[0]).toMatchObject({
    ...REQUEST,
    fallbackModels: ['openai/gpt-4o', 'openai/gpt-4.1'],
    maxTokens: 700,
    user: 'a1b2',
    sessionId: 'lane-7',
    stream: true,
    headers: { 'http-referer': 'https://chatlane.example', 'x-openrouter-title': 'Chatlane' },
  })
})

test('the answer names the fallback model that gave it', async () => {
  h.simulator.faults.add({ preset: 'no_provider', model: REQUEST.model })
  expect(await h.client.answer({ ...REQUEST, fallbackModels: ['openai/gpt-4.1'] })).toMatchObject({
    kind: 'answered',
    model: 'openai/gpt-4.1',
  })
})

test('an answer that reached its longest length is an answer', async () => {
  expect(await h.client.answer({ ...REQUEST, maxTokens: 2 })).toMatchObject({
    kind: 'answered',
    text: 'Hello fr',
    finishReason: 'length',
  })
})

test('thinking aloud never enters the text, and keeps a slow answer alive', async () => {
  h.simulator.setSpeed({ firstTokenMs: [0, 0], totalMs: [IDLE_MS / 6, IDLE_MS / 6], chunkChars: 100 })
  h.simulator.faults.add({ kind: 'reasoning', chunks: 12 })
  const outcome = await h.impatient.answer(REQUEST)
  expect(outcome).toMatchObject({ kind: 'answered', text: ANSWER })
})

test('what breaks after the finish reason costs only the usage', async () => {
  const unpaid = { kind: 'answered', text: ANSWER, usage: { costUsd: 0, isKnown: false } }
  expect(await h.under({ kind: 'no_usage' })).toMatchObject(unpaid)
  expect(await h.under({ kind: 'hang', at: 'usage' })).toMatchObject(unpaid)
})

test('a signal that was given before ends it without a request', async () => {
  const outcome = await h.client.answer(REQUEST, { signal: AbortSignal.abort() })
  expect(outcome).toEqual({ kind: 'aborted', partial: '' })
  expect(h.simulator.requests()).toEqual([])
})

test('a signal in mid-stream closes the connection and keeps what was said', async () => {
  h.simulator.faults.add({ kind: 'hang', at: 'text', afterChunks: 2 })
  const stop = new AbortController()
  const outcome = await h.client.answer(REQUEST, {
    signal: stop.signal,
    onDelta: (textSoFar) => {
      if (textSoFar === 'Hello from') stop.abort()
    },
  })
  const record = await h.simulator.waitFor((request) => request.state === 'aborted')
  expect(outcome).toEqual({ kind: 'aborted', partial: 'Hello from', generationId: record.generationId })
  expect(await h.client.usageOf(record.generationId)).toEqual({ kind: 'known', value: record.usage })
})

test.each(['headers', 'comments'] as const)('a signal ends a request that waits for its %s', async (at) => {
  h.simulator.faults.add({ kind: 'hang', at })
  const stop = new AbortController()
  const asked = h.client.answer(REQUEST, { signal: stop.signal })
  await h.simulator.waitFor((request) => request.state === 'running')
  stop.abort()
  expect(await asked).toMatchObject({ kind: 'aborted', partial: '' })
  await h.simulator.waitFor((request) => request.state === 'aborted')
})

test('what a callback throws comes out, and the connection is closed', async () => {
  const thrown = new Error('the caller has a problem')
  const fail = () => {
    throw thrown
  }
  h.simulator.faults.add({ kind: 'hang', at: 'text', afterChunks: 1 })
  await expect(h.client.answer(REQUEST, { onDelta: fail })).rejects.toBe(thrown)
  await expect(h.client.answer(REQUEST, { onGeneration: fail })).rejects.toBe(thrown)
  const left = await h.simulator.waitFor((request) => request.id === 2 && request.state === 'aborted')
  expect(left.id).toBe(2)
  expect(h.simulator.ledger()).toMatchObject({ running: 0, aborted: 2 })
}, 5000)

test('a caller that keeps its signal for many requests finds nothing left on it', async () => {
  const stop = new AbortController()
  const counted = { added: 0, removed: 0 }
  const { signal } = stop
  const [add, remove] = [signal.addEventListener, signal.removeEventListener]
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    counted.added += 1
    add.apply(signal, args)
  }
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    counted.removed += 1
    remove.apply(signal, args)
  }
  for (let n = 0; n < 3; n += 1) await h.client.answer(REQUEST, { signal })
  expect(counted).toEqual({ added: 3, removed: 3 })
})

test('hundreds of answers at once all arrive whole', async () => {
  h.simulator.setSpeed({ firstTokenMs: [10, 100], totalMs: [100, 250] })
  const outcomes = await Promise.all(Array.from({ length: 300 }, () => h.client.answer(REQUEST)))
  expect(outcomes.filter((outcome) => outcome.kind !== 'answered' || outcome.text !== ANSWER)).toEqual([])
})
