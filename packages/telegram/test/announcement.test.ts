import { expect, test } from 'vitest'
import { writeAnnouncement } from '../src/announcement.ts'

test('a text is one message with its formatting', () => {
  expect(writeAnnouncement({ markdown: '**News** for you\n' })).toEqual({
    kind: 'ready',
    delivery: {
      method: 'sendMessage',
      chatId: 0,
      text: 'News for you',
      entities: [{ type: 'bold', offset: 0, length: 4 }],
    },
  })
})

test('with a photo the text is its caption, and need not be there', () => {
  expect(writeAnnouncement({ markdown: '_Look_', photo: 'https://example.org/a.png' })).toEqual({
    kind: 'ready',
    delivery: {
      method: 'sendPhoto',
      payload: {
        photo: 'https://example.org/a.png',
        caption: 'Look',
        caption_entities: [{ type: 'italic', offset: 0, length: 4 }],
      },
    },
  })
  expect(writeAnnouncement({ markdown: '', photo: 'AgACx' })).toEqual({
    kind: 'ready',
    delivery: { method: 'sendPhoto', payload: { photo: 'AgACx' } },
  })
})

test('a text that is no message is refused, as it would have to be cut or is blank', () => {
  const fits = (units: number, photo?: string) =>
    writeAnnouncement({ markdown: 'a'.repeat(units), photo }).kind
  expect([fits(4096), fits(1024, 'AgACx')]).toEqual(['ready', 'ready'])
  expect(writeAnnouncement({ markdown: 'a'.repeat(4097) })).toEqual({
    ...{ kind: 'too-long', units: 4097, maxUnits: 4096 },
  })
  expect(fits(1025, 'AgACx')).toBe('too-long')
  expect(writeAnnouncement({ markdown: ' \n ' })).toEqual({ kind: 'blank' })
})
