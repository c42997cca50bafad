/** Faults that tests order. */
import { expect, test } from 'vitest'
import { call, request, say, startSimulator } from './raw-client.ts'

test('a flood meets the chat and method it was ordered for, so many times', async () => {
  const simulator = await startSimulator()
  simulator.addFault({ kind: 'flood', method: 'sendMessage', chatId: 5, times: 2, retryAfterSeconds: 7 })
  expect((await say(simulator, 6, 'x')).ok).toBe(true)
  for (let n = 0; n < 2; n++) {
    expect(await say(simulator, 5, 'x')).toMatchObject({ error_code: 429, parameters: { retry_after: 7 } })
  }
  expect((await say(simulator, 5, 'x')).ok).toBe(true)
  expect(simulator.ledger().bots[0]).toMatchObject({ floods: 2, refusals: { 429: 2 }, sends: { posted: 2 } })
})

test('a hang-up before applying posts nothing, one after applying posts and is counted', async () => {
  const simulator = await startSimulator()
  simulator.addFault({ kind: 'hang-up' })
  await expect(say(simulator, 5, 'lost')).rejects.toThrow()
  expect(simulator.messages(5)).toHaveLength(0)
  simulator.addFault({ kind: 'hang-up', after: true })
  await expect(say(simulator, 5, 'posted')).rejects.toThrow()
  expect(simulator.messages(5)).toHaveLength(1)
  expect(simulator.ledger().bots[0]?.sends).toMatchObject({ posted: 1, cut: 1 })
})

test('proxies answer with HTML, the server with JSON', async () => {
  const simulator = await startSimulator()
  for (const kind of ['bad-gateway', 'flood-html', 'server-error'] as const) simulator.addFault({ kind })
  const answers = []
  for (let n = 0; n < 3; n++) {
    const answer = await request(simulator, 'sendMessage', { chat_id: 5, text: 'x' })
    answers.push([answer.status, answer.headers.get('content-type')])
    await answer.text()
  }
  expect(answers).toEqual([
    [502, 'text/html'],
    [429, 'text/html'],
    [500, 'application/json'],
  ])
  expect(simulator.messages(5)).toHaveLength(0)
})

test('any refusal can be ordered, and some calls let through first', async () => {
  const simulator = await startSimulator()
  const description = "Bad Request: can't parse entities: unsupported"
  simulator.addFault({ kind: 'refuse', description, skip: 1 })
  expect((await say(simulator, 5, 'x')).ok).toBe(true)
  expect(await say(simulator, 5, 'x')).toMatchObject({ error_code: 400, description })
})

test('a delay after applying shows the message before the answer', async () => {
  const simulator = await startSimulator()
  simulator.addFault({ kind: 'delay', after: true, delayMs: 60_000 })
  const abort = new AbortController()
  const posted = simulator.waitFor((event) => event.type === 'message')
  const answer = fetch(`${simulator.url}/bot700:secret/sendMessage?chat_id=5&text=slow`, {
    signal: abort.signal,
  })
  await posted
  abort.abort()
  await expect(answer).rejects.toThrow()
  expect(simulator.messages(5)).toHaveLength(1)
})

test('chances are the same for the same seed, and faults can be listed and ended', async () => {
  const runs = []
  for (let run = 0; run < 2; run++) {
    const simulator = await startSimulator({ seed: 42 })
    const id = simulator.addFault({ kind: 'server-error', probability: 0.5 })
    const answers = []
    for (let n = 0; n < 12; n++) answers.push((await call(simulator, 'getMe')).ok)
    expect(simulator.faults()).toMatchObject([{ id, kind: 'server-error' }])
    simulator.removeFault(id)
    expect((await call(simulator, 'getMe')).ok).toBe(true)
    runs.push(answers)
  }
  expect(runs[0]).toEqual(runs[1])
  expect(new Set(runs[0])).toEqual(new Set([true, false]))
})
