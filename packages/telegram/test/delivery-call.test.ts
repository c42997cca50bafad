import { expect, test } from 'vitest'
import type { Delivery, SendText } from '../src/delivery.ts'
import { deliveryCall } from '../src/delivery-call.ts'
import type { FileSource } from '../src/file-source.ts'
import { placeAddress } from '../src/place.ts'

const bold = [{ type: 'bold' as const, offset: 0, length: 1 }]
const text: SendText = { method: 'sendMessage', chatId: 1, text: 'x', entities: [] }
const caption = { text: 'look', entities: bold }
const stop = [
  [
    { text: 'Stop', callbackData: 's' },
    { text: 'Site', url: 'https://a.org' },
  ],
]
const stopMarkup = {
  inline_keyboard: [
    [
      { text: 'Stop', callback_data: 's' },
      { text: 'Site', url: 'https://a.org' },
    ],
  ],
}

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
})

test('a text of the first version, which knew no keyboards, is still read', () => {
  const stored = JSON.parse('{"method":"sendMessage","chatId":1,"text":"x","entities":[]}') as Delivery
  expect(deliveryCall(stored).payload).toEqual({
    chat_id: 1,
    text: 'x',
    link_preview_options: { is_disabled: true },
  })
})

test('buttons go out under the text, and a keyboard without any is none', () => {
  expect(deliveryCall({ ...text, keyboard: stop }).payload.reply_markup).toEqual(stopMarkup)
  for (const keyboard of [[], [[]]]) {
    expect(deliveryCall({ ...text, keyboard }).payload).not.toHaveProperty('reply_markup')
  }
})

test('a direct-messages topic and a business connection reach the call', () => {
  expect(deliveryCall({ ...text, ...placeAddress('d3') }).payload).toMatchObject({
    direct_messages_topic_id: 3,
  })
  expect(deliveryCall({ ...text, ...placeAddress('bx') }).payload).toMatchObject({
    business_connection_id: 'x',
  })
})

test.each([
  ['sendPhoto', 'photo'],
  ['sendDocument', 'document'],
  ['sendVoice', 'voice'],
] as const)('%s names a file that Telegram has or is to fetch', (method, field) => {
  const send = (file: FileSource, more: object = {}) =>
    deliveryCall({ method, chatId: 1, file, ...more } as Delivery)
  const more = { ...placeAddress('t4'), caption, keyboard: stop, replyToMessageId: 9 }
  expect(send({ fileId: 'AgAC' }, more)).toEqual({
    method,
    payload: {
      chat_id: 1,
      message_thread_id: 4,
      [field]: 'AgAC',
      caption: 'look',
      caption_entities: bold,
      reply_parameters: { message_id: 9, allow_sending_without_reply: true },
      reply_markup: stopMarkup,
    },
  })
  expect(send({ url: 'https://a.org/b' })).toEqual({
    method,
    payload: { chat_id: 1, [field]: 'https://a.org/b' },
  })
})

test('bytes travel beside the payload, under the name of the parameter', () => {
  const file = { bytesBase64: 'aGk=', fileName: 'answer.py' }
  const delivery: Delivery = { method: 'sendDocument', chatId: 1, file, caption: { text: '', entities: [] } }
  expect(deliveryCall(JSON.parse(JSON.stringify(delivery)))).toEqual({
    method: 'sendDocument',
    payload: { chat_id: 1 },
    files: [{ field: 'document', ...file }],
  })
})

test('an album attaches the bytes of its items one by one', () => {
  const call = deliveryCall({
    method: 'sendMediaGroup',
    chatId: 1,
    ...placeAddress('bx'),
    replyToMessageId: 9,
    items: [
      { type: 'photo', file: { bytesBase64: 'YQ==', fileName: 'a.png' }, caption },
      { type: 'photo', file: { fileId: 'AgAC' } },
      { type: 'photo', file: { bytesBase64: 'Yg==', fileName: 'b.png' } },
    ],
  })
  expect(call).toEqual({
    method: 'sendMediaGroup',
    payload: {
      chat_id: 1,
      business_connection_id: 'x',
      reply_parameters: { message_id: 9, allow_sending_without_reply: true },
      media: [
        { type: 'photo', media: 'attach://file0', caption: 'look', caption_entities: bold },
        { type: 'photo', media: 'AgAC' },
        { type: 'photo', media: 'attach://file2' },
      ],
    },
    files: [
      { field: 'file0', bytesBase64: 'YQ==', fileName: 'a.png' },
      { field: 'file2', bytesBase64: 'Yg==', fileName: 'b.png' },
    ],
  })
})

test('a reaction is one emoji or none, and names no topic', () => {
  const react = { method: 'setMessageReaction' as const, chatId: -5, ...placeAddress('t4'), messageId: 9 }
  expect(deliveryCall({ ...react, emoji: '👍' }).payload).toEqual({
    chat_id: -5,
    message_id: 9,
    reaction: [{ type: 'emoji', emoji: '👍' }],
  })
  expect(deliveryCall(react).payload.reaction).toEqual([])
})

test('an edit replaces text and buttons; where it has none, those that were there vanish', () => {
  const edit = { method: 'editMessageText' as const, chatId: -5, messageId: 9, text: 'x', entities: bold }
  expect(deliveryCall({ ...edit, ...placeAddress('t4'), keyboard: stop })).toEqual({
    method: 'editMessageText',
    payload: {
      chat_id: -5,
      message_id: 9,
      text: 'x',
      entities: bold,
      link_preview_options: { is_disabled: true },
      reply_markup: stopMarkup,
    },
  })
  const { payload } = deliveryCall({ ...edit, ...placeAddress('bx') })
  expect(payload).toMatchObject({ business_connection_id: 'x' })
  expect(payload).not.toHaveProperty('reply_markup')
})

test('messages are deleted at once; those of a business account by the method that is for them', () => {
  const gone = { method: 'deleteMessages' as const, chatId: -5, messageIds: [7, 8] }
  expect(deliveryCall({ ...gone, ...placeAddress('t4') })).toEqual({
    method: 'deleteMessages',
    payload: { chat_id: -5, message_ids: [7, 8] },
  })
  expect(deliveryCall({ ...gone, ...placeAddress('bx') })).toEqual({
    method: 'deleteBusinessMessages',
    payload: { business_connection_id: 'x', message_ids: [7, 8] },
  })
})

test('any other call is made as it is, its files included', () => {
  const call = {
    method: 'sendVideo',
    payload: { chat_id: 1, video: 'attach://v' },
    files: [{ field: 'v', fileName: 'v.mp4', bytesBase64: 'aGk=' }],
  }
  expect(deliveryCall(call)).toEqual(call)
})
