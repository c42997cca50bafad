import { expect, test } from 'vitest'
import { typedUpdate } from '../src/typed-update.ts'

const chat = { id: 7, type: 'private', first_name: 'Anna' }
const from = { id: 7, is_bot: false, first_name: 'Anna' }
const message = { message_id: 5, date: 1, chat, from, text: 'hi' }

test('an update as Telegram sends it is left as it is', () => {
  const update = {
    update_id: 1,
    message: {
      ...message,
      entities: [{ type: 'bold', offset: 0, length: 2 }],
      photo: [{ file_id: 'a', file_unique_id: 'b', width: 90, height: 60 }],
      reply_to_message: message,
      reply_markup: { inline_keyboard: [[{ text: 'Stop', callback_data: 'x' }]] },
      a_field_of_tomorrow: { chat_id: '7' },
    },
  }
  expect(typedUpdate(update)).toEqual(update)
  const press = { update_id: 2, callback_query: { id: '3', from, message, data: 'x', chat_instance: '1' } }
  expect(typedUpdate(press)).toEqual(press)
})

test('what is of another type than its name promises is left out', () => {
  const odd = {
    ...message,
    ...{
      caption: 5,
      entities: [null, { type: 'bold', offset: 0, length: 2 }, 'x'],
      sender_chat: { id: '7' },
    },
    ...{
      reply_to_message: { ...message, chat: [], text: {} },
      is_topic_message: 'yes',
      message_thread_id: 0.5,
    },
    reply_markup: { inline_keyboard: [null, [{ text: 'Stop' }, 7]] },
  }
  const { message_id, date } = message
  expect(typedUpdate({ update_id: 1, message: odd })).toEqual({
    update_id: 1,
    message: {
      ...message,
      entities: [{ type: 'bold', offset: 0, length: 2 }],
      reply_to_message: { message_id, date, from },
      reply_markup: { inline_keyboard: [[{ text: 'Stop' }]] },
    },
  })
})

test('no field makes another thing of a copy', () => {
  const spoiled = JSON.parse(
    `{"update_id":1,"message":${JSON.stringify(message).replace('{', '{"__proto__":{},')}}`,
  )
  const read = typedUpdate(spoiled)?.message as object
  expect(Object.hasOwn(read, '__proto__')).toBe(false)
  expect(read).toEqual(message)
})

test.each([
  ['a message without a chat', { message: { ...message, chat: undefined } }],
  ['a message whose chat has no id', { message: { ...message, chat: { id: 'x' } } }],
  ['a message without an id', { message: { ...message, message_id: '5' } }],
  ['a message that is a list', { message: [] }],
  ['a change of nobody’s membership', { my_chat_member: { from, new_chat_member: {} } }],
  ['a press without an id', { callback_query: { from } }],
  ['a press of nobody', { callback_query: { id: '3', from: 'Anna' } }],
])('%s can not be answered', (_, update) => {
  expect(typedUpdate({ update_id: 1, ...update })).toBeUndefined()
})
