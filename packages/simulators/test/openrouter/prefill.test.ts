import { afterEach, beforeEach, expect, test } from 'vitest'
import { createOpenRouterSimulator, type OpenRouterSimulator } from '../../src/index.ts'
import { errorOf, KEY, post, textOf } from './ask.ts'

const WHOLE = 'One two three'
let simulator: OpenRouterSimulator

beforeEach(async () => {
  simulator = await createOpenRouterSimulator({
    apiKeys: [KEY],
    models: ['amazon/nova-lite-v1', 'anthropic/claude-opus-4.6'],
    firstTokenMs: [0, 0],
    totalMs: [0, 0],
    answers: ({ messages }) => `${WHOLE}, ${messages.length}`,
  })
})
afterEach(() => simulator.close())

const ask = (model: string, beginning: string) =>
  post(simulator, {
    model,
    messages: [
      { role: 'user', content: 'count' },
      { role: 'assistant', content: beginning },
    ],
  })

test.each([
  ['anthropic/claude-haiku-4.5', ' three, 1'],
  ['amazon/nova-lite-v1', 'three, 1'],
  ['mistralai/mistral-nemo', 'One two three, 1'],
  ['openai/gpt-4o-mini', 'One two three, 1'],
])('%s makes of a begun answer what it is known to make', async (model, text) => {
  expect(await textOf(await ask(model, 'One two'))).toBe(text)
})

test('Anthropic refuses a beginning that ends with a space, and from 4.6 on any', async () => {
  for (const [model, beginning] of [
    ['anthropic/claude-haiku-4.5', 'One two '],
    ['anthropic/claude-opus-4.6', 'One two'],
  ] as const) {
    const answer = await ask(model, beginning)
    expect(answer.status).toBe(400)
    expect((await errorOf(answer)).metadata).toEqual({ error_type: 'invalid_request' })
  }
})
