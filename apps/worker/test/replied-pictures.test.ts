import type { Turn } from '@chatlane/lanes'
import { expect, test } from 'vitest'
import { createReplies } from '../src/replies.ts'

const turn = { turnId: 't', lane: { botId: '1', homeId: '-5', place: '' } } as Turn
const PICTURE = { mimeType: 'image/png', base64: 'AAAA' }
const payloads = (replies: ReturnType<typeof createReplies>, stream?: string) =>
  replies.deliveries(stream).map(({ payload }) => JSON.parse(payload) as Record<string, unknown>)

test('pictures follow the text, each under a name of its own', () => {
  const replies = createReplies(turn, 9)
  replies.addPicture(PICTURE, 'too large')
  replies.addPicture(PICTURE, 'too large')
  replies.add('Here.', { command: false })
  const deliveries = replies.deliveries('50')
  expect(new Set(deliveries.map(({ id }) => id)).size).toBe(3)
  expect(deliveries.map(({ stream }) => stream)).toEqual(['50', undefined, undefined])
  const [text, photo] = payloads(replies, '50')
  expect(text).toMatchObject({ method: 'sendMessage', text: 'Here.', replyToMessageId: 9 })
  expect(photo).toMatchObject({ method: 'sendPhoto', file: { bytesBase64: 'AAAA', fileName: 'picture.png' } })
  expect(photo).not.toHaveProperty('replyToMessageId')
})

test('a picture without a text replies to whoever asked', () => {
  const replies = createReplies(turn, 9)
  replies.addPicture(PICTURE, 'too large')
  expect(payloads(replies)).toMatchObject([{ method: 'sendPhoto', replyToMessageId: 9 }])
})

test('what Telegram takes for no photo goes as a file', () => {
  const replies = createReplies(turn, undefined)
  replies.addPicture({ ...PICTURE, mimeType: 'image/svg+xml' }, 'too large')
  expect(payloads(replies)).toMatchObject([{ method: 'sendDocument', file: { fileName: 'picture.svg' } }])
})

test('a picture that is too large is told of once, after what is said', () => {
  const replies = createReplies(turn, undefined)
  const large = { ...PICTURE, base64: 'A'.repeat(6_000_000) }
  for (const _ of [1, 2]) replies.addPicture(large, 'too large')
  expect(replies.isEmpty()).toBe(false)
  replies.add('Here.', { command: false })
  expect(payloads(replies).map(({ text }) => text)).toEqual(['Here.', 'too large'])
})
