import { expect, test } from 'vitest'
import { textOfDelivery, textOfLetter, textOfUpdate } from '../src/stored-text.ts'

const json = JSON.stringify

test('of an update it is what the user wrote, tapped or asked for', () => {
  const found = [
    { update_id: 1, message: { text: 'hi', chat: { id: 1 } } },
    { update_id: 1, message: { photo: [], caption: 'look', chat: { id: 1 } } },
    { update_id: 1, callback_query: { id: '1', data: 'stop:1', from: { id: 1 } } },
    { update_id: 1, inline_query: { id: '1', query: 'cats', from: { id: 1 } } },
    { update_id: 1, message: { photo: [], chat: { id: 1 } } },
    { text: 'no update' },
  ].map((update) => textOfUpdate(json(update)))
  expect(found).toEqual(['hi', 'look', 'stop:1', 'cats', undefined, undefined])
  expect(textOfUpdate('not JSON')).toBeUndefined()
})

test('of a delivery it is its text or its caption, ours as well as an author’s', () => {
  const found = [
    { method: 'sendMessage', chatId: 1, text: 'hi', entities: [] },
    { method: 'sendPhoto', chatId: 1, caption: { text: 'look', entities: [] } },
    { method: 'sendPhoto', payload: { chat_id: 1, caption: 'see' }, isAuthors: true },
    { method: 'sendChatAction', payload: { chat_id: 1 } },
  ].map((call) => textOfDelivery(json(call)))
  expect(found).toEqual(['hi', 'look', 'see', undefined])
  // A preview's is kept elsewhere.
  expect(textOfDelivery('')).toBeUndefined()
})

test('of a dead letter it is what was given up', () => {
  const delivery = { id: 'd', payload: json({ method: 'sendMessage', text: 'hi' }) }
  expect(textOfLetter('delivery', json(delivery))).toBe('hi')
  expect(textOfLetter('update', json({ update_id: 1, message: { text: 'yo', chat: { id: 1 } } }))).toBe('yo')
  expect(textOfLetter('delivery', 'not JSON')).toBeUndefined()
})
