/** A simulated OpenRouter and a client of it, for each test of a file. */
import {
  createOpenRouterSimulator,
  type OpenRouterFault,
  type OpenRouterSimulator,
} from '@chatlane/simulators'
import { afterEach, beforeEach } from 'vitest'
import { type AnswerOutcome, type AnswerRequest, createOpenRouter, type OpenRouter } from '../src/index.ts'

/** No part of it may be found in anything that the client gives back. */
export const KEY = 'sk-or-v1-0123456789abcdef'
/** Neither may this, which every prompt contains. */
export const SECRET_PROMPT = 'my diary says'
/** How long the impatient client waits; the usual one waits longer than any test. */
export const IDLE_MS = 1000

export const REQUEST: AnswerRequest = {
  model: 'openai/gpt-4o-mini',
  messages: [
    { role: 'system', content: 'Be kind.' },
    { role: 'user', content: `${SECRET_PROMPT} hello` },
  ],
}

/** What the simulated model answers, in chunks of 5. */
export const ANSWER = 'Hello from the model'

/** A live pair: `simulator` and `client` are this test's. */
export interface Harness {
  simulator: OpenRouterSimulator
  client: OpenRouter
  /** Gives up after `IDLE_MS`. */
  impatient: OpenRouter
  /** What the model answers instead of `ANSWER`. */
  answer?: () => string
  /** Asks once under a fault. */
  under(fault: OpenRouterFault, client?: OpenRouter): Promise<AnswerOutcome>
}

/** Registers the hooks and returns what they fill. */
export function useHarness(): Harness {
  const harness = {} as Harness
  beforeEach(async () => {
    const simulator = await createOpenRouterSimulator({
      apiKeys: [KEY],
      models: ['amazon/nova-lite-v1'],
      firstTokenMs: [0, 0],
      totalMs: [0, 0],
      chunkChars: 5,
      commentEveryMs: 20,
      answers: () => harness.answer?.() ?? ANSWER,
    })
    harness.simulator = simulator
    harness.client = createOpenRouter({ apiKey: KEY, baseUrl: simulator.url, idleTimeoutMs: 60_000 })
    harness.impatient = createOpenRouter({ apiKey: KEY, baseUrl: simulator.url, idleTimeoutMs: IDLE_MS })
    harness.under = (fault, client = harness.client) => {
      simulator.faults.add({ ...fault, times: 1 })
      return client.answer(REQUEST)
    }
  })
  afterEach(async () => {
    delete harness.answer
    await harness.simulator.close()
  })
  return harness
}
