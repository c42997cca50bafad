import { expect, test } from 'vitest'
import { decodeText } from '../src/files/decode-text.ts'

const RUSSIAN = 'Привет, мир! Это обычный текст.'
const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16()
/** Letters of windows-1251; what is ASCII stays. */
const cp1251 = (text: string) =>
  Buffer.from(
    Array.from(text, (letter) => {
      const code = letter.charCodeAt(0)
      return code >= 0x410 && code <= 0x44f ? code - 0x350 : code
    }),
  )

test('UTF-8 is read with and without its mark, line ends alike', () => {
  expect(decodeText(Buffer.from(`${RUSSIAN}\r\n2`))).toBe(`${RUSSIAN}\n2`)
  expect(decodeText(Buffer.from(`\ufeff${RUSSIAN}`))).toBe(RUSSIAN)
  expect(decodeText(Buffer.alloc(0))).toBe('')
})

test('UTF-16 is read in both orders, with and without its mark', () => {
  for (const text of [RUSSIAN, 'Hello, world!']) {
    expect(decodeText(Buffer.from(text, 'utf16le'))).toBe(text)
    expect(decodeText(utf16be(text))).toBe(text)
    expect(decodeText(Buffer.from(`\ufeff${text}`, 'utf16le'))).toBe(text)
    expect(decodeText(utf16be(`\ufeff${text}`))).toBe(text)
  }
})

test('older files are read as Cyrillic or Western by how their letters stand', () => {
  expect(decodeText(cp1251(RUSSIAN))).toBe(RUSSIAN)
  const french = 'Le café est fermé, voilà tout.'
  expect(decodeText(Buffer.from(french, 'latin1'))).toBe(french)
})

test('what is no text is not read as one', () => {
  expect(decodeText(Buffer.from([0x50, 0x4b, 3, 4, 0, 0, 8, 0, 1, 2]))).toBeUndefined()
  expect(decodeText(Buffer.from(Array.from({ length: 500 }, (_, n) => (n * 37) % 255 || 1)))).toBeUndefined()
})
