/** Calls to private chats that nobody made. */
import { expect, test } from 'vitest'
import { call, say, startSimulator } from './raw-client.ts'

test('strangers can be made by the first call to them', async () => {
  const simulator = await startSimulator({ unknownChats: 'create' })
  await say(simulator, 99, 'a')
  expect(simulator.messages(99)).toHaveLength(1)
  expect(simulator.state().users.map(({ id }) => id)).toContain(99)
})

test('strangers can be accepted without a trace: calls are answered, counted and judged, and nothing is kept', async () => {
  const simulator = await startSimulator({ unknownChats: 'accept', limits: { chatBurst: 1 } })
  const sent = await say(simulator, 99, 'a')
  expect(sent.result).toMatchObject({ chat: { id: 99 }, text: 'a', message_id: expect.any(Number) })
  expect((await say(simulator, 98, 'b')).result.message_id).not.toBe(sent.result.message_id)
  await say(simulator, 99, 'too fast')
  expect(simulator.ledger().bots[0]).toMatchObject({ sends: { posted: 3 }, overLimit: { private: 1 } })
  expect(simulator.messages(99)).toEqual([])
  expect(simulator.state().users.map(({ id }) => id)).toEqual([5, 6])
  const edit = { chat_id: 99, message_id: sent.result.message_id, text: 'x' }
  expect((await call(simulator, 'editMessageText', edit)).description).toBe(
    'Bad Request: message to edit not found',
  )
})

test('each stranger can have a rule of their own', async () => {
  const simulator = await startSimulator({
    unknownChats: (id) => (['accept', 'blocked', 'deactivated', 'refuse'] as const)[id % 4] ?? 'refuse',
  })
  const answers = await Promise.all([100, 101, 102, 103].map((id) => say(simulator, id, 'x')))
  expect(answers.map(({ description }) => description)).toEqual([
    undefined,
    'Forbidden: bot was blocked by the user',
    'Forbidden: user is deactivated',
    'Bad Request: chat not found',
  ])
})
