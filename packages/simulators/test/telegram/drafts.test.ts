/** Drafts: a bot's text while it is written, and the button that stops it. */
import { expect, test } from 'vitest'
import { LiveDrafts } from '../../src/telegram/live-drafts.ts'
import { call, say, startSimulator } from './raw-client.ts'

const draft = (text: string, more: object = {}) => ({ chat_id: 5, draft_id: 3, text, ...more })

test('drafts are shown in private chats and not in groups', async () => {
  const simulator = await startSimulator()
  const { id } = simulator.phone.createGroup({ members: [5] })
  expect((await call(simulator, 'sendMessageDraft', draft('so'))).result).toBe(true)
  await call(simulator, 'sendMessageDraft', draft('so far'))
  const { drafts, liveDrafts } = simulator.chat({ chat: 5 })
  expect(drafts.map(({ text }) => text)).toEqual(['so', 'so far'])
  expect(liveDrafts).toMatchObject([{ draftId: 3, text: 'so far', canStop: false }])
  expect((await call(simulator, 'sendMessageDraft', draft('x', { chat_id: id }))).error_code).toBe(400)
  expect((await call(simulator, 'sendMessageDraft', draft('x', { draft_id: 0 }))).error_code).toBe(400)
})

test('a draft may be empty, and its entities are checked as those of a message', async () => {
  const simulator = await startSimulator()
  expect((await call(simulator, 'sendMessageDraft', draft(''))).result).toBe(true)
  const bold = [{ type: 'bold', offset: 0, length: 9 }]
  expect((await call(simulator, 'sendMessageDraft', draft('x', { entities: bold }))).error_code).toBe(400)
})

test('the next message of the bot in the topic takes the place of its drafts', async () => {
  const simulator = await startSimulator()
  simulator.phone.sendText({ from: 5, threadId: 77, text: 'in a topic' })
  await call(simulator, 'sendMessageDraft', draft('here'))
  await call(simulator, 'sendMessageDraft', draft('there', { message_thread_id: 77 }))
  simulator.phone.sendText({ from: 5, text: 'not of the bot' })
  expect(simulator.chat({ chat: 5 }).liveDrafts).toHaveLength(2)
  await say(simulator, 5, 'done')
  expect(simulator.chat({ chat: 5 }).liveDrafts).toMatchObject([{ text: 'there', messageThreadId: 77 }])
})

test('a draft lives for 30 seconds after its last state', () => {
  const live = new LiveDrafts()
  const state = { draftId: 1, text: 'x', entities: [], canStop: false, keepOnStop: false }
  const now = performance.timeOrigin + performance.now()
  live.show({ ...state, atMs: now - 30_001 })
  live.show({ ...state, draftId: 2, atMs: now - 20_000 })
  expect(live.list().map(({ draftId }) => draftId)).toEqual([2])
})

test('who presses Stop makes an update, and later states of the draft are shown to nobody', async () => {
  const simulator = await startSimulator()
  await call(simulator, 'sendMessageDraft', draft('so far', { can_stop: true }))
  expect(simulator.phone.stopGeneration({ from: 5 })).toBe(3)
  expect((await call(simulator, 'getUpdates')).result).toEqual([
    { update_id: expect.any(Number), stopped_message_generation: { chat: expect.any(Object), draft_id: 3 } },
  ])
  expect(simulator.chat({ chat: 5 }).liveDrafts).toEqual([])
  expect((await call(simulator, 'sendMessageDraft', draft('so far and', { can_stop: true }))).ok).toBe(true)
  expect(simulator.chat({ chat: 5 })).toMatchObject({ drafts: [{ text: 'so far' }], liveDrafts: [] })
  await call(simulator, 'sendMessageDraft', draft('another', { draft_id: 4 }))
  expect(simulator.chat({ chat: 5 }).liveDrafts).toHaveLength(1)
})

test('a stopped draft that is to be kept stays without its button', async () => {
  const simulator = await startSimulator()
  await call(simulator, 'sendMessageDraft', draft('so far', { can_stop: true, keep_on_stop: true }))
  const stopped = simulator.waitFor((event) => event.type === 'stop')
  simulator.phone.stopGeneration({ from: 5, draftId: 3 })
  expect(await stopped).toMatchObject({ chatId: 5, draftId: 3, isKept: true })
  expect(simulator.chat({ chat: 5 }).liveDrafts).toMatchObject([{ text: 'so far', canStop: false }])
})

test('the draft of a topic is stopped there, and what has no button can not be stopped', async () => {
  const simulator = await startSimulator()
  simulator.phone.sendText({ from: 5, threadId: 77, text: 'in a topic' })
  await call(simulator, 'getUpdates', { offset: -1 })
  await call(simulator, 'sendMessageDraft', draft('x', { message_thread_id: 77, can_stop: true }))
  await call(simulator, 'sendMessageDraft', draft('no button'))
  expect(() => simulator.phone.stopGeneration({ from: 5 })).toThrow(/no draft with a Stop button/)
  expect(() => simulator.phone.stopGeneration({ from: 5, threadId: 77, draftId: 9 })).toThrow(/no draft/)
  simulator.phone.stopGeneration({ from: 5, threadId: 77 })
  expect((await call(simulator, 'getUpdates')).result.at(-1)).toMatchObject({
    stopped_message_generation: { chat: { id: 5 }, message_thread_id: 77, draft_id: 3 },
  })
})
