import { afterEach, beforeEach, expect, test } from 'vitest'
import { createOpenRouterSimulator, type OpenRouterEvent, type OpenRouterSimulator } from '../../src/index.ts'
import { post, textOf } from './ask.ts'

let simulator: OpenRouterSimulator

beforeEach(async () => {
  simulator = await createOpenRouterSimulator({ firstTokenMs: [0, 0], totalMs: [0, 0], answers: 'echo' })
})

afterEach(() => simulator.close())

function send(method: string, path: string, body?: unknown): Promise<Response> {
  return fetch(`${simulator.controlUrl}${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
}

test('faults are armed, listed and disarmed over HTTP', async () => {
  const armed = await send('POST', '/faults', [
    { preset: 'bad_key', times: 1 },
    { kind: 'cut', containing: 'x' },
  ])
  expect(await armed.json()).toEqual({ ids: [1, 2] })
  expect((await post(simulator, {})).status).toBe(401)
  expect(await (await send('GET', '/faults')).json()).toEqual({
    faults: [{ id: 2, fault: { kind: 'cut' }, scope: { containing: 'x' }, hits: 0 }],
  })
  expect(await (await send('DELETE', '/faults?id=2')).json()).toEqual({ faults: [] })
})

test('a malformed control request is told what is wrong with it', async () => {
  const wrong: [string, unknown][] = [
    ['/faults', { kind: 'nonsense' }],
    ['/speed', { totalMs: 5 }],
    ['/speed', { chunkChars: 0 }],
    ['/answers', { answers: 'loud' }],
  ]
  for (const [path, body] of wrong) {
    const response = await send('POST', path, body)
    expect(response.status).toBe(400)
    expect(await response.json()).toHaveProperty('problem')
  }
  expect((await send('GET', '/nothing')).status).toBe(404)
})

test('speed and answers change while it runs', async () => {
  const speed = { firstTokenMs: [1, 1], totalMs: [2, 2], tokensPerSecond: 100_000, chunkChars: 1 }
  expect(await (await send('POST', '/speed', speed)).json()).toMatchObject(speed)
  expect(await (await send('GET', '/speed')).json()).toMatchObject(speed)
  const stream = await (await post(simulator, { stream: true })).text()
  expect(stream.match(/"content":"."/g)).toHaveLength(5)
  await send('POST', '/answers', { answers: 'hash' })
  expect(await textOf(await post(simulator, {}))).toContain('sha256')
})

test('the record and the ledger can be read from outside', async () => {
  await post(simulator, { user: 'a' })
  await post(simulator, { user: 'b' })
  expect(await (await send('GET', '/requests?limit=1')).json()).toMatchObject({
    requests: [
      { user: 'b', state: 'finished', text: 'Hello', messages: [{ role: 'user', content: 'Hello' }] },
    ],
  })
  await send('DELETE', '/requests')
  expect(await (await send('GET', '/requests')).json()).toEqual({ requests: [] })
  expect(await (await send('GET', '/ledger')).json()).toMatchObject({ requests: 2, finished: 2, running: 0 })
})

test('a listener hears of each request, its first token and its end', async () => {
  const leaving = new AbortController()
  const events = await fetch(`${simulator.controlUrl}/events`, { signal: leaving.signal })
  const heard: OpenRouterEvent[] = []
  await post(simulator, { stream: true })
  let text = ''
  for await (const part of events.body ?? []) {
    text += Buffer.from(part).toString()
    if (text.includes('"finish"') && text.endsWith('\n\n')) break
  }
  for (const [line] of text.matchAll(/(?<=^data: ).*$/gm)) heard.push(JSON.parse(line))
  expect(heard.map((event) => event.type)).toEqual(['request', 'first-token', 'finish'])
  expect(heard.at(-1)?.request).toMatchObject({ state: 'finished', text: 'Hello' })
  leaving.abort()
})
