import { expect, test } from 'vitest'
import type { Delivery } from '../src/delivery.ts'
import { deliveryCall } from '../src/delivery-call.ts'
import { plainFallback } from '../src/plain-fallback.ts'

const entities = [{ type: 'bold' as const, offset: 0, length: 1 }]
const caption = { text: 'x', entities }
const file = { fileId: 'AgAC' }

const formatted: Delivery[] = [
  { method: 'sendMessage', chatId: 1, text: 'x', entities },
  { method: 'editMessageText', chatId: 1, messageId: 2, text: 'x', entities },
  { method: 'sendPhoto', chatId: 1, file, caption },
  { method: 'sendDocument', chatId: 1, file, caption },
  { method: 'sendVoice', chatId: 1, file, caption },
  { method: 'sendMediaGroup', chatId: 1, items: [{ type: 'photo', file, caption }] },
  { method: 'sendPhoto', payload: { chat_id: 1, caption: 'x', caption_entities: entities } },
  { method: 'sendMessage', payload: { chat_id: 1, text: '*x*', parse_mode: 'MarkdownV2' } },
  {
    method: 'sendMediaGroup',
    payload: { chat_id: 1, media: [{ type: 'photo', media: 'AgAC', caption: 'x', parse_mode: 'HTML' }] },
  },
  {
    method: 'sendMessage',
    payload: { text: 'x', reply_parameters: { message_id: 1, quote: 'x', quote_entities: entities } },
  },
]

test.each(formatted.map((delivery) => [delivery.method, delivery] as const))(
  'without formatting the same %s remains',
  (_, delivery) => {
    const before = structuredClone(delivery)
    const plain = plainFallback(delivery)
    expect(plain).not.toEqual(delivery)
    expect(JSON.stringify(deliveryCall(plain))).not.toMatch(/bold|parse_mode/)
    expect(JSON.stringify(plain)).toContain('x')
    expect(plainFallback(plain)).toEqual(plain)
    expect(delivery).toEqual(before)
  },
)

test.each<Delivery>([
  { method: 'sendMessage', chatId: 1, text: 'x', entities: [] },
  { method: 'sendPhoto', chatId: 1, file },
  { method: 'setMessageReaction', chatId: 1, messageId: 2, emoji: '👍' },
  { method: 'deleteMessages', chatId: 1, messageIds: [2] },
  { method: 'sendDice', payload: { chat_id: 1 } },
])('what has no formatting stays as it is: $method', (delivery) => {
  expect(JSON.stringify(plainFallback(delivery))).toBe(JSON.stringify(delivery))
})
