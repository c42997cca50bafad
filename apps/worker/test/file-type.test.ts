import { expect, test } from 'vitest'
import { fileTypeOf } from '../src/files/file-type.ts'

const typeOf = (start: string) => {
  const found = fileTypeOf(Buffer.from(start, 'latin1'))
  return found && ('format' in found ? found.format : found.mimeType)
}

test('files are told apart by their first bytes', () => {
  const starts: [string, string][] = [
    ['\xff\xd8\xff\xe0', 'image/jpeg'],
    ['\x89PNG\r\n\x1a\n', 'image/png'],
    ['GIF89a', 'image/gif'],
    ['RIFF....WEBPVP8 ', 'image/webp'],
    ['%PDF-1.7', 'application/pdf'],
    ['\n\n%PDF-1.4', 'application/pdf'],
    ['OggS', 'ogg'],
    ['RIFF....WAVEfmt ', 'wav'],
    ['fLaC', 'flac'],
    ['FORM....AIFF', 'aiff'],
    ['\x1aE\xdf\xa3', 'webm'],
    ['....ftypM4A ', 'm4a'],
    ['....ftypmp42', 'm4a'],
    ['ID3\x03', 'mp3'],
    ['\xff\xfb\x90', 'mp3'],
    ['\xff\xf1\x50', 'aac'],
  ]
  expect(starts.map(([start]) => typeOf(start))).toEqual(starts.map(([, type]) => type))
})

test('anything else is nothing that is known, however short', () => {
  for (const start of ['', 'P', 'PK\x03\x04', 'hello', '\xff', '\xff\xfe', '<svg>', 'RIFF']) {
    expect(typeOf(start), start).toBeUndefined()
  }
})
