import { expect, test } from 'vitest'
import { ALLOWED_UPDATES } from '../src/allowed-updates.ts'

test('what the platform answers is asked for by name', () => {
  const answered = [
    'message',
    'edited_message',
    'callback_query',
    'my_chat_member',
    'stopped_message_generation',
    'inline_query',
    'pre_checkout_query',
    'shipping_query',
    'guest_message',
  ]
  expect(ALLOWED_UPDATES).toEqual(expect.arrayContaining(answered))
  expect(new Set(ALLOWED_UPDATES).size).toBe(ALLOWED_UPDATES.length)
})
