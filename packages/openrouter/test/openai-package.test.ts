/** The traps of the openai package that `src/answer.ts` is built around: a new version that springs one is seen here. */
import type { OpenRouterFault } from '@chatlane/simulators'
import OpenAI, { APIError } from 'openai'
import { expect, test } from 'vitest'
import { KEY, useHarness } from './harness.ts'

const h = useHarness()

/** Everything that the package's iterator brings, and the controller that closes it. */
async function open(fault?: OpenRouterFault) {
  if (fault) h.simulator.faults.add(fault)
  const client = new OpenAI({ apiKey: KEY, baseURL: h.simulator.url, maxRetries: 0, logLevel: 'off' })
  const stream = await client.chat.completions.create({
    model: 'openai/gpt-4o-mini',
    messages: [{ role: 'user', content: 'Hello' }],
    stream: true,
  })
  return { client, stream, chunks: [] as OpenAI.ChatCompletionChunk[] }
}

test('the finish reason comes twice, the second time with the usage', async () => {
  const { stream, chunks } = await open()
  for await (const chunk of stream) chunks.push(chunk)
  const ends = chunks.filter((chunk) => chunk.choices[0]?.finish_reason === 'stop')
  expect(ends.map((chunk) => chunk.usage !== undefined)).toEqual([false, true])
})

test('an aborted stream ends as if it were whole', async () => {
  const { stream, chunks } = await open({ kind: 'hang', at: 'text', afterChunks: 1 })
  for await (const chunk of stream) {
    chunks.push(chunk)
    stream.controller.abort()
  }
  expect(chunks).toHaveLength(1)
  await h.simulator.waitFor((request) => request.state === 'aborted')
})

test('a stream without a finish reason ends as if it were whole', async () => {
  const { stream, chunks } = await open({ kind: 'end', afterChunks: 1 })
  for await (const chunk of stream) chunks.push(chunk)
  expect(chunks).toHaveLength(1)
})

test('an error inside a stream has no status', async () => {
  const { stream } = await open({ kind: 'error_chunk', error: { code: 502, message: 'Gone' } })
  const failure = await stream[Symbol.asyncIterator]()
    .next()
    .catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(APIError)
  expect(failure).toMatchObject({ status: undefined, code: 502, error: { message: 'Gone' } })
})

test('a broken connection is no APIError', async () => {
  const { stream } = await open({ kind: 'cut' })
  const failure = await stream[Symbol.asyncIterator]()
    .next()
    .catch((error: unknown) => error)
  expect(failure).not.toBeInstanceOf(APIError)
  expect(failure).toBeInstanceOf(TypeError)
})

test('status 200 with an error as its body looks like a stream without events', async () => {
  const { stream, chunks } = await open({ kind: 'error_body', error: { code: 500 } })
  for await (const chunk of stream) chunks.push(chunk)
  expect(chunks).toEqual([])
})
