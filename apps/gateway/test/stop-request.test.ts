import { readUpdate } from '@chatlane/telegram'
import { expect, test } from 'vitest'
import { stopRequestOf } from '../src/stop-request.ts'

const ANNA = { id: 7, is_bot: false, first_name: 'Anna' }
const PRIVATE = { id: 7, type: 'private' }
const GROUP = { id: -1001, type: 'supergroup', is_forum: true }

function requestOf(kind: Record<string, unknown>) {
  const reading = readUpdate({ update_id: 50, ...kind })
  if (reading.kind !== 'update') throw new Error(reading.problem)
  return stopRequestOf(reading.update)
}

/** A message whose text begins with a command of `length` characters. */
const said = (text: string, length = text.length, more: object = {}) =>
  requestOf({
    message: {
      message_id: 1,
      chat: PRIVATE,
      from: ANNA,
      text,
      entities: [{ type: 'bot_command', offset: 0, length }],
      ...more,
    },
  })
const pressed = (data: unknown, message: object | undefined = { message_id: 2, chat: PRIVATE }) =>
  requestOf({ callback_query: { id: '1', from: ANNA, data, ...(message && { message }) } })

test('/stop asks to stop whatever runs in its chat and place', () => {
  const stop = { updateId: 50, userId: 7 }
  expect(said('/stop')).toEqual({ chatId: 7, place: '', stop })
  expect(said('/stop it now', 5)).toEqual({ chatId: 7, place: '', stop })
  const inTopic = { chat: GROUP, message_thread_id: 5, is_topic_message: true }
  expect(said('/stop', 5, inTopic)).toEqual({ chatId: -1001, place: 't5', stop })
})

test('a /stop that is addressed to a bot names it, for the worker to judge', () => {
  expect(said('/stop@some_bot please', 14)?.stop).toEqual({ updateId: 50, userId: 7, addressee: 'some_bot' })
})

test('only the command itself stops', () => {
  expect(said('/stopped')).toBeUndefined()
  expect(said('/start')).toBeUndefined()
  expect(said('/stop@')).toBeUndefined()
  expect(said('please /stop', 0)).toBeUndefined()
})

test('what looks like the command and was not marked as one stops nothing', () => {
  const unmarked = [
    undefined,
    [],
    [{ type: 'code', offset: 0, length: 5 }],
    [{ type: 'bot_command', offset: 1, length: 5 }],
    [{ type: 'bot_command', offset: 0 }],
    [null, 5],
    'entities',
  ]
  for (const entities of unmarked) expect(said('/stop', 5, { entities })).toBeUndefined()
  expect(said('/stop', 5, { text: undefined, caption: '/stop' })).toBeUndefined()
})

test('an entity of any shape is no command, and hurts nobody', () => {
  for (const length of [{ toString: 5 }, '5', 1.5, -1, null, [5]]) {
    const entities = [{ type: 'bot_command', offset: 0, length }]
    const message = { message_id: 1, chat: PRIVATE, from: ANNA, text: '/stop', entities }
    expect(requestOf({ message }), JSON.stringify(length)).toBeUndefined()
  }
})

test('a command that is edited into a message, or posted in a channel, stops nothing', () => {
  const message = { message_id: 1, chat: PRIVATE, from: ANNA, text: '/stop' }
  const marked = { ...message, entities: [{ type: 'bot_command', offset: 0, length: 5 }] }
  expect(requestOf({ edited_message: marked })).toBeUndefined()
  expect(requestOf({ channel_post: { ...marked, chat: { id: -1002, type: 'channel' } } })).toBeUndefined()
  expect(said('/stop', 5, { from: undefined })).toBeUndefined()
})

test("a press of a Stop button names its turn, in the place of the button's message", () => {
  expect(pressed('stop:42')).toEqual({
    chatId: 7,
    place: '',
    stop: { updateId: 50, userId: 7, stream: '42' },
  })
  const message = { message_id: 2, chat: GROUP, message_thread_id: 5, is_topic_message: true }
  expect(pressed('stop:42', message)).toMatchObject({ chatId: -1001, place: 't5' })
})

test('any other button stops nothing, nor does one whose message is not known', () => {
  for (const data of ['stop:', 'stop:x', 'stop:42x', ' stop:42', 'STOP:42', `stop:${'1'.repeat(60)}`, 5]) {
    expect(pressed(data), String(data)).toBeUndefined()
  }
  expect(pressed(undefined)).toBeUndefined()
  expect(requestOf({ callback_query: { id: '1', from: ANNA, data: 'stop:42' } })).toBeUndefined()
})

test("a draft's own stop names the draft; its user is the private chat's", () => {
  const stopped = { chat: PRIVATE, message_thread_id: 6, draft_id: 9 }
  expect(requestOf({ stopped_message_generation: stopped })).toEqual({
    chatId: 7,
    place: 't6',
    stop: { updateId: 50, userId: 7, draftId: 9 },
  })
  expect(requestOf({ stopped_message_generation: { chat: PRIVATE } })).toBeUndefined()
  expect(requestOf({ stopped_message_generation: { chat: PRIVATE, draft_id: '9' } })).toBeUndefined()
})

test('a kind of update that nobody knows stops nothing, whatever its name', () => {
  for (const kind of ['constructor', 'a_kind_of_tomorrow']) {
    const body = { chat: PRIVATE, from: ANNA, text: '/stop', data: 'stop:42', draft_id: 9 }
    expect(requestOf({ [kind]: body }), kind).toBeUndefined()
  }
})
