import { expect, test } from 'vitest'
import { hasFiles } from '../src/has-files.ts'

test.each([
  { photo: { source: 'path' } },
  { photo: { url: 'https://example.com/a.png' } },
  { media: { type: 'photo', media: { source: Buffer.from('a') } } },
  {
    media: [
      { type: 'photo', media: 'file id' },
      { type: 'photo', media: { url: 'https://example.com' } },
    ],
  },
])('a payload with bytes is an upload: %j', (payload) => {
  expect(hasFiles(payload)).toBe(true)
})

test.each([
  { chat_id: 1, photo: 'file id', text: null },
  { link_preview_options: { url: 'https://example.com' } },
  { reply_markup: { inline_keyboard: [[{ text: 'a', url: 'https://example.com' }]] } },
  { media: { type: 'photo', media: 'file id' } },
  { media: [{ type: 'photo', media: 'file id' }] },
  { message_ids: [1, 2] },
  { photo: { source: '' } },
])('a payload without is none: %j', (payload) => {
  expect(hasFiles(payload)).toBe(false)
})
