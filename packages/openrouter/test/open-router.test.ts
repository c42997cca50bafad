import { expect, test } from 'vitest'
import { createOpenRouter } from '../src/index.ts'
import { IDLE_MS, KEY, REQUEST, useHarness } from './harness.ts'

const h = useHarness()

test('the models are listed with their lengths and prices', async () => {
  const listed = await h.client.models()
  if (listed.kind !== 'known') throw new Error(listed.fault.code)
  expect(listed.value.length).toBeGreaterThan(30)
  expect(listed.value.find((model) => model.id === 'openai/gpt-4o-mini')).toEqual({
    id: 'openai/gpt-4o-mini',
    name: 'OpenAI: GPT-4o-mini',
    inputModalities: ['text', 'image', 'file'],
    outputModalities: ['text'],
    contextLength: 128_000,
    maxCompletionTokens: 16_384,
    promptUsdPerToken: 0.00000015,
    completionUsdPerToken: 0.0000006,
  })
  expect(listed.value.find((model) => model.id.endsWith(':free'))).toMatchObject({ promptUsdPerToken: 0 })
})

test('the key tells what is left of it', async () => {
  await h.client.answer(REQUEST)
  expect(await h.client.key()).toEqual({
    kind: 'known',
    value: {
      limitUsd: 1000,
      limitRemainingUsd: expect.closeTo(1000),
      usageUsd: 0.00000525,
      usageDailyUsd: 0.00000525,
      isFreeTier: false,
    },
  })
})

test('the credits are what was bought less what was used', async () => {
  await h.client.answer(REQUEST)
  const leftUsd = expect.closeTo(1000 - h.simulator.ledger().costUsd, 9)
  expect(await h.client.credits()).toEqual({ kind: 'known', value: { leftUsd } })
})

test('without a key it can be made, and what is asked of it is refused', async () => {
  const keyless = createOpenRouter({ apiKey: '', baseUrl: h.simulator.url, idleTimeoutMs: IDLE_MS })
  expect(await keyless.key()).toMatchObject({ kind: 'failed', fault: { code: 'bad_key' } })
})

test('a question that fails says why', async () => {
  const stranger = createOpenRouter({ apiKey: `${KEY}x`, baseUrl: h.simulator.url, idleTimeoutMs: IDLE_MS })
  expect(await stranger.key()).toMatchObject({ kind: 'failed', fault: { code: 'bad_key' } })
  expect(await h.client.usageOf('gen-unknown')).toMatchObject({ kind: 'failed', fault: { status: 404 } })
  await h.simulator.close()
  expect(await h.client.models()).toMatchObject({ kind: 'failed', fault: { code: 'unreachable' } })
})
