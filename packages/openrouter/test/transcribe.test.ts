import { expect, test } from 'vitest'
import { KEY, useHarness } from './harness.ts'

const harness = useHarness()
const SPEECH = { model: 'openai/whisper-1', bytes: Buffer.from('the sound'), format: 'ogg' }

test('speech becomes text, at the cost that OpenRouter names', async () => {
  const { client, simulator } = harness
  const outcome = await client.transcribe(SPEECH)
  expect(outcome).toEqual({ kind: 'transcribed', text: 'A recording in ogg of 9 bytes.', costUsd: 0.0001 })
  expect(simulator.transcriptions()).toMatchObject([{ ...SPEECH, status: 200 }])
  expect(simulator.ledger().costUsd).toBe(0.0001)
})

test('what OpenRouter refuses is a fault without the key or the sound', async () => {
  const { client, simulator } = harness
  simulator.faults.add({ preset: 'no_credits', times: 1 })
  const poor = await client.transcribe(SPEECH)
  expect(poor).toMatchObject({ kind: 'failed', fault: { code: 'no_credits' } })
  const unknown = await client.transcribe({ ...SPEECH, model: 'openai/unknown' })
  expect(unknown.kind).toBe('failed')
  expect(JSON.stringify([poor, unknown])).not.toMatch(new RegExp(`${KEY}|${SPEECH.bytes.toString('base64')}`))
})

test('a request that is given up is no fault', async () => {
  const given = AbortSignal.abort()
  expect(await harness.client.transcribe(SPEECH, given)).toEqual({ kind: 'aborted' })
})
