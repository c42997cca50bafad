import { expect, test } from 'vitest'
import { pictureTokens } from '../src/heard-files.ts'
import { readMessage } from '../src/read-message.ts'

const BOT = 1
const read = (content: Record<string, unknown>) => readMessage({ message_id: 9, ...content }, BOT)
const file = { file_id: 'F', file_size: 1000 }
const size = (side: number) => ({ ...file, file_id: `F${side}`, width: side, height: side / 2 })

test('a text is what it says, and a caption is a text', () => {
  expect(read({ text: 'hello' })).toEqual({
    messageId: 9,
    text: 'hello',
    isCaption: false,
    files: [],
    marks: [],
  })
  expect(read({ caption: 'look', photo: [size(90)] })).toMatchObject({ text: 'look', isCaption: true })
})

test('of a photo the largest size is taken that a model does not scale down anyway', () => {
  const fileId = (...sides: number[]) => read({ photo: sides.map(size) }).files[0]?.fileId
  expect(fileId(90, 320, 800, 1280, 2560)).toBe('F1280')
  expect(fileId(2560, 1280, 90)).toBe('F1280')
  expect(fileId(2560)).toBe('F2560')
})

test('a picture costs what its tiles cost', () => {
  expect([pictureTokens(512, 512), pictureTokens(1024, 1024), pictureTokens(1280, 960)]).toEqual([
    255, 765, 765,
  ])
})

test('documents are told apart by type and name', () => {
  const kind = (file_name: string, mime_type?: string) =>
    read({ document: { ...file, file_name, mime_type } }).files[0]?.kind
  expect(kind('a.png', 'image/png')).toBe('picture')
  expect(kind('scan.PDF')).toBe('pdf')
  expect(kind('x', 'application/pdf')).toBe('pdf')
  expect(kind('notes.txt')).toBe('text')
  expect(kind('main.py', 'text/x-python')).toBe('text')
  expect(kind('data', 'application/json')).toBe('text')
  expect(kind('song.flac', 'audio/flac')).toBe('audio')
  expect(kind('a.zip', 'application/zip')).toBeUndefined()
  expect(kind('a.svg', 'image/svg+xml')).toBeUndefined()
})

test('voices, video notes and sounds are files to be heard', () => {
  expect(read({ voice: { ...file, duration: 10 } }).files).toEqual([
    { kind: 'speech', mimeType: 'audio/ogg', fileId: 'F', bytes: 1000, tokens: 320 },
  ])
  expect(read({ video_note: { ...file, duration: 1 } }).files[0]).toMatchObject({ kind: 'speech' })
  expect(read({ audio: { ...file, duration: 1, file_name: 'a.mp3' } }).files[0]?.kind).toBe('audio')
})

test('a sticker is its emoji, and a picture where it does not move', () => {
  const sticker = { ...file, width: 512, height: 512, emoji: '😀', is_animated: false, is_video: false }
  const still = read({ sticker })
  expect(still.marks).toEqual([{ text: 'sticker 😀' }])
  expect(still.files).toMatchObject([{ kind: 'picture', isDecoration: true }])
  expect(read({ sticker: { ...sticker, is_video: true } }).files).toEqual([])
})

test('what has no words is put into some', () => {
  const said = (content: Record<string, unknown>) => read(content).marks.map(({ text }) => text)
  const location = { latitude: 55.75, longitude: 37.62 }
  expect(said({ location })).toEqual(['location: latitude 55.75, longitude 37.62'])
  expect(said({ location, venue: { location, title: 'Cafe', address: 'Main st. 1' } })).toEqual([
    'venue: Cafe, Main st. 1 (latitude 55.75, longitude 37.62)',
  ])
  expect(said({ contact: { first_name: 'Anna', last_name: 'K', phone_number: '+7999' } })).toEqual([
    'contact: Anna K, +7999',
  ])
  expect(said({ poll: { question: 'Tea?', options: [{ text: 'yes' }, { text: 'no' }] } })).toEqual([
    'poll: Tea? Options: yes; no',
  ])
  expect(said({ dice: { emoji: '🎲', value: 4 } })).toEqual(['dice 🎲 shows 4'])
})

test('what cannot be read is named', () => {
  const kind = (content: Record<string, unknown>) => read(content).marks[0]?.unreadable
  expect(kind({ video: file })).toBe('video')
  expect(kind({ animation: file, document: { ...file, file_name: 'a.txt' } })).toBe('animation')
  expect(kind({ document: { ...file, file_name: 'a.zip' } })).toBe('file')
  expect(kind({ story: {} })).toBe('other')
})

test('a forwarded message names who wrote it', () => {
  const from = (forward_origin: object) => read({ text: 'x', forward_origin }).forwardedFrom
  expect(from({ type: 'user', sender_user: { first_name: 'Anna', last_name: 'K' } })).toBe('Anna K')
  expect(from({ type: 'hidden_user', sender_user_name: 'Somebody' })).toBe('Somebody')
  expect(from({ type: 'channel', chat: { title: 'News' } })).toBe('News')
  expect(from({ type: 'a kind of tomorrow' })).toBe('')
  expect(read({ text: 'x' }).forwardedFrom).toBeUndefined()
})

test('a reply brings the words that it replies to, or those that were chosen', () => {
  const replied = { message_id: 8, from: { id: 5, first_name: 'Anna' }, text: 'a long message' }
  expect(read({ text: 'x', reply_to_message: replied }).repliesTo).toEqual({
    by: { name: 'Anna' },
    text: 'a long message',
    isPart: false,
    files: [],
  })
  expect(read({ text: 'x', reply_to_message: replied, quote: { text: 'long' } }).repliesTo).toMatchObject({
    text: 'long',
    isPart: true,
  })
  expect(read({ reply_to_message: { ...replied, from: { id: BOT } } }).repliesTo?.by).toEqual({ bot: true })
  const photo = { message_id: 8, from: { id: 5, first_name: 'Anna' }, photo: [size(90)] }
  expect(read({ text: 'x', reply_to_message: photo }).repliesTo?.files).toHaveLength(1)
  const elsewhere = { external_reply: { origin: { chat: { title: 'News' } } }, quote: { text: 'part' } }
  expect(read({ text: 'x', ...elsewhere }).repliesTo).toMatchObject({ by: { name: 'News' }, text: 'part' })
})

test('a reply to what says nothing is none', () => {
  const opening = { message_id: 8, from: { id: 5 }, forum_topic_created: { name: 'T' } }
  expect(read({ text: 'x', reply_to_message: opening }).repliesTo).toBeUndefined()
})

test('nonsense is read without a complaint', () => {
  for (const content of [
    {},
    { photo: 5, sticker: [], document: null, text: 7, quote: 'x', poll: { options: 3 } },
  ]) {
    expect(() => read(content)).not.toThrow()
  }
  expect(() => readMessage(null, BOT)).not.toThrow()
})
