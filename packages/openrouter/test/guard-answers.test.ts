import type { Tally } from '@chatlane/runtime'
import { until } from '@chatlane/test-kit'
import { expect, test } from 'vitest'
import { continueAnswers, guardAnswers, type OpenRouter } from '../src/index.ts'
import { KEY, REQUEST, SECRET_PROMPT, useHarness } from './harness.ts'
import { openGuards } from './open-guards.ts'

const harness = useHarness()
const FALLBACK = 'openai/gpt-4o'

/** A guarded client, and what it counted. */
function guarded(guards: Parameters<typeof guardAnswers>[1], client: OpenRouter = harness.client) {
  return guardAnswers(client, guards)
}
function countingTally() {
  const counted: Record<string, string>[] = []
  const tally = { count: (_name: string, labels: Record<string, string>) => void counted.push(labels) }
  return { tally: tally as unknown as Tally, counted }
}

test('while a model is down only the first requests and the probes reach OpenRouter, and then answers come again', async () => {
  const { breaker, endPause, lines } = openGuards({ faults: 5 })
  const { tally, counted } = countingTally()
  const { answer } = guarded({ breaker: breaker(), tally })
  const { simulator } = harness
  simulator.faults.add({ preset: 'bad_gateway' })
  for (let i = 0; i < 50; i++) {
    expect(await answer(REQUEST)).toMatchObject({ kind: 'failed', fault: { code: 'provider_down' } })
  }
  expect(simulator.requests()).toHaveLength(5)
  expect(counted).toEqual(Array.from({ length: 45 }, () => ({ code: 'provider_down' })))
  await endPause(`model:${REQUEST.model}`)
  await Promise.all(Array.from({ length: 20 }, () => answer(REQUEST)))
  expect(simulator.requests()).toHaveLength(6)
  simulator.faults.clear()
  await endPause(`model:${REQUEST.model}`)
  expect(await answer(REQUEST)).toMatchObject({ kind: 'answered' })
  const all = await Promise.all(Array.from({ length: 20 }, () => answer(REQUEST)))
  expect(all.every(({ kind }) => kind === 'answered')).toBe(true)
  const told = JSON.stringify(lines)
  expect([told.includes(KEY), told.includes(SECRET_PROMPT)]).toEqual([false, false])
})

test('a fallback answers at once in the place of a model that is known to be down', async () => {
  const { breaker } = openGuards({ faults: 2 })
  const { answer } = guarded({ breaker: breaker(), tally: countingTally().tally })
  harness.simulator.faults.add({ preset: 'bad_gateway', model: REQUEST.model })
  const asked = { ...REQUEST, fallbackModels: [FALLBACK] }
  for (let i = 0; i < 3; i++) {
    expect(await answer(asked)).toMatchObject({ kind: 'answered', model: FALLBACK })
  }
  expect(harness.simulator.requests().map(({ model }) => model)).toEqual([
    REQUEST.model,
    REQUEST.model,
    FALLBACK,
  ])
})

test('a bad key is sent three times, whatever the model', async () => {
  const { breaker } = openGuards({ faults: 10 })
  const { answer } = guarded({ breaker: breaker(), tally: countingTally().tally })
  harness.simulator.faults.add({ preset: 'bad_key' })
  for (const model of ['openai/gpt-4o', 'openai/gpt-5', 'x-ai/grok-4', 'deepseek/deepseek-r1']) {
    expect(await answer({ ...REQUEST, model })).toMatchObject({ kind: 'failed', fault: { code: 'bad_key' } })
  }
  expect(harness.simulator.requests()).toHaveLength(3)
})

test('no more requests than slots are under way, and one that is stopped while it waits asks nothing', async () => {
  const { breaker, governor, load } = openGuards()
  const { tally } = countingTally()
  const { simulator } = harness
  simulator.setSpeed({ totalMs: [30, 30] })
  let most = 0
  simulator.onEvent(() => (most = Math.max(most, simulator.ledger().running)))
  const workers = await Promise.all([1, 2].map(() => governor({ most: 3 })))
  const clients = workers.map((each) => guarded({ breaker: breaker(), governor: each, tally }))
  const all = await Promise.all(Array.from({ length: 30 }, (_, n) => clients[n % 2]?.answer(REQUEST)))
  expect(all.every((outcome) => outcome?.kind === 'answered')).toBe(true)
  expect(most).toBe(3)

  simulator.faults.add({ kind: 'hang', at: 'headers' })
  const hanging = Array.from({ length: 3 }, () => clients[0]?.answer(REQUEST))
  await until(() => simulator.ledger().running === 3)
  const stop = new AbortController()
  const waiting = clients[1]?.answer(REQUEST, { signal: stop.signal })
  await until(async () => (await load()).slotsWaiting === 1)
  stop.abort()
  expect(await waiting).toEqual({ kind: 'aborted', partial: '' })
  simulator.release()
  await Promise.all(hanging)
  expect(simulator.requests()).toHaveLength(33)
  expect(await load()).toMatchObject({ slotsInUse: 0, slotsWaiting: 0 })
})

test('an answer that is gone on with is guarded like any other', async () => {
  const { breaker } = openGuards({ faults: 1 })
  const client = guarded({ breaker: breaker(), tally: countingTally().tally })
  const model = 'anthropic/claude-haiku-4.5'
  const said = 'An answer that is long enough to be gone on with, word'
  harness.answer = () => `${said}s after it.`
  harness.simulator.faults.add({ preset: 'overloaded', times: 1 })
  const { answer } = continueAnswers(client, { models: [model] })
  const asked = { ...REQUEST, model, said }
  expect(await answer(asked)).toMatchObject({ kind: 'failed', partial: said })
  expect(await answer(asked)).toMatchObject({ kind: 'failed', partial: said, fault: { isHeld: true } })
})
