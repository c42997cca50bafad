/** The controls over HTTP, and the simulator as a process. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { call, say, startSimulator } from './raw-client.ts'

const MAIN = fileURLToPath(new URL('../../src/telegram-main.ts', import.meta.url))

function post(url: string, name: string, body: object): Promise<Response> {
  return fetch(`${url}/sim/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}

test('people, faults and the ledger are reached over HTTP as in process', async () => {
  const simulator = await startSimulator()
  const user = await (await post(simulator.url, 'createUser', { id: 9, firstName: 'Zoe' })).json()
  expect(user).toMatchObject({ result: { id: 9, first_name: 'Zoe' } })
  await post(simulator.url, 'sendText', { from: 9, text: 'hello' })
  const file = await post(simulator.url, 'sendFile', { from: 9, kind: 'photo', base64: 'AAAA' })
  expect(file.status).toBe(200)
  await post(simulator.url, 'faults', { kind: 'flood', chatId: 9 })
  expect((await say(simulator, 9, 'x')).error_code).toBe(429)
  const chat = (await (await fetch(`${simulator.url}/sim/chat?chat=9`)).json()) as {
    result: { messages: [] }
  }
  expect(chat.result.messages).toHaveLength(2)
  const ledger = await (await fetch(`${simulator.url}/sim/ledger`)).json()
  expect(ledger).toMatchObject({ result: { bots: [{ botId: 700, updates: { made: 2 }, floods: 1 }] } })
})

test('what people do in groups and with polls is reached over HTTP too', async () => {
  const simulator = await startSimulator()
  const { id } = simulator.phone.createGroup({ members: [5] })
  const joined = await (await post(simulator.url, 'joinGroup', { from: 6, chat: id })).json()
  expect(joined).toMatchObject({ result: { new_chat_members: [{ id: 6 }] } })
  const poll = { chat_id: id, question: 'q', options: ['a', 'b'] }
  const messageId = (await call(simulator, 'sendPoll', poll)).result.message_id
  const vote = { from: 6, chat: id, messageId, optionIds: [1] }
  expect(await (await post(simulator.url, 'vote', vote)).json()).toMatchObject({
    result: { total_voter_count: 1 },
  })
  expect((await post(simulator.url, 'vote', { ...vote, optionIds: [5] })).status).toBe(400)
})

test('a misuse is told with 400, and only JSON is taken', async () => {
  const simulator = await startSimulator()
  const misuse = await post(simulator.url, 'sendText', { from: 12345, text: 'x' })
  expect([misuse.status, await misuse.json()]).toEqual([400, { error: 'there is no user 12345' }])
  const foreign = await fetch(`${simulator.url}/sim/sendText`, {
    method: 'POST',
    body: '{"from":5,"text":"x"}',
  })
  expect(foreign.status).toBe(400)
  expect((await fetch(`${simulator.url}/sim/nothing`)).status).toBe(404)
})

test('events stream to a page', async () => {
  const simulator = await startSimulator()
  const abort = new AbortController()
  const stream = await fetch(`${simulator.url}/sim/events?types=message&chat=5`, { signal: abort.signal })
  const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader()
  await reader?.read()
  await say(simulator, 6, 'elsewhere')
  await say(simulator, 5, 'here')
  const { value } = (await reader?.read()) ?? {}
  abort.abort()
  expect(value).toMatch(/^id: \d+\nevent: message\ndata: \{"type":"message","by":"bot".*"text":"here"/)
})

test('waits end with the simulator', async () => {
  const simulator = await startSimulator()
  const wait = simulator.waitFor(() => false)
  const ended = expect(wait).rejects.toMatchObject({ code: 'closed' })
  await simulator.close()
  await ended
})

test('as a process it prints its address and ends with SIGTERM or its input', async () => {
  for (const end of ['SIGTERM', 'input'] as const) {
    const options = JSON.stringify({ bots: [{ token: '1:a', username: 'a_bot', firstName: 'A' }] })
    const child = spawn(process.execPath, [MAIN, options], { stdio: ['pipe', 'pipe', 'inherit'] })
    onTestFinished(() => void child.kill('SIGKILL'))
    const [line] = (await once(child.stdout, 'data')) as [Buffer]
    const { url } = JSON.parse(line.toString()) as { url: string }
    expect(await (await fetch(`${url}/bot1:a/getMe`)).json()).toMatchObject({ ok: true, result: { id: 1 } })
    if (end === 'SIGTERM') child.kill('SIGTERM')
    else child.stdin.end()
    expect(await once(child, 'exit')).toEqual([0, null])
  }
})
