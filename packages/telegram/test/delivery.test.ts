import { expect, test } from 'vitest'
import { deliveryCall, plainFallback, type SendText } from '../src/delivery.ts'
import { placeAddress } from '../src/place.ts'

const bold = [{ type: 'bold' as const, offset: 0, length: 1 }]

test('a text becomes a call without link previews that survives the loss of what it replies to', () => {
  const delivery: SendText = {
    method: 'sendMessage',
    chatId: -5,
    ...placeAddress('t4'),
    text: 'x',
    entities: bold,
    replyToMessageId: 9,
  }
  expect(deliveryCall(delivery)).toEqual({
    method: 'sendMessage',
    payload: {
      chat_id: -5,
      message_thread_id: 4,
      text: 'x',
      entities: bold,
      link_preview_options: { is_disabled: true },
      reply_parameters: { message_id: 9, allow_sending_without_reply: true },
    },
  })
  expect(JSON.parse(JSON.stringify(delivery))).toEqual(delivery)
})

test('a place becomes an address', () => {
  expect(placeAddress('')).toEqual({})
  expect(placeAddress('t12')).toEqual({ messageThreadId: 12 })
  expect(placeAddress('d34')).toEqual({ directMessagesTopicId: 34 })
  expect(placeAddress('bAb-_9')).toEqual({ businessConnectionId: 'Ab-_9' })
})

test('what is no place has no address', () => {
  for (const place of ['t', 'tx', 'x5', 'b', 'b{x}', 't1e3']) expect(placeAddress(place)).toEqual({})
})

test('a direct-messages topic and a business connection reach the call', () => {
  const text = { method: 'sendMessage' as const, chatId: 1, text: 'x', entities: [] }
  expect(deliveryCall({ ...text, ...placeAddress('d3') }).payload).toMatchObject({
    direct_messages_topic_id: 3,
  })
  expect(deliveryCall({ ...text, ...placeAddress('bx') }).payload).toMatchObject({
    business_connection_id: 'x',
  })
})

test('any other call is made as it is', () => {
  const call = { method: 'sendPhoto', payload: { chat_id: 1, photo: 'id' } }
  expect(deliveryCall(call)).toEqual(call)
})

test('without formatting the same text remains', () => {
  const text = { method: 'sendMessage' as const, chatId: 1, text: 'x', entities: bold }
  expect(plainFallback(text)).toEqual({ ...text, entities: [] })
  expect(deliveryCall(plainFallback(text)).payload).not.toHaveProperty('entities')
  const call = {
    method: 'editMessageText',
    payload: { chat_id: 1, text: 'x', entities: bold, parse_mode: 'HTML' },
  }
  expect(plainFallback(call)).toEqual({ method: 'editMessageText', payload: { chat_id: 1, text: 'x' } })
})
