/** Tells what a file is by its first bytes: neither its name nor its sender is believed. */

/** What a file is. */
export type FileType =
  | { type: 'picture'; mimeType: 'image/jpeg' | 'image/png' | 'image/webp' | 'image/gif' }
  | { type: 'pdf'; mimeType: 'application/pdf' }
  /** `format`: as OpenRouter calls it in `input_audio`. */
  | {
      type: 'sound'
      mimeType: string
      format: 'ogg' | 'mp3' | 'wav' | 'flac' | 'm4a' | 'aac' | 'aiff' | 'webm'
    }

/** The type of a file; undefined for any that is not among them. */
export function fileTypeOf(bytes: Buffer): FileType | undefined {
  const starts = (text: string, at = 0) => bytes.subarray(at, at + text.length).toString('latin1') === text
  if (starts('\xff\xd8\xff')) return { type: 'picture', mimeType: 'image/jpeg' }
  if (starts('\x89PNG\r\n\x1a\n')) return { type: 'picture', mimeType: 'image/png' }
  if (starts('GIF87a') || starts('GIF89a')) return { type: 'picture', mimeType: 'image/gif' }
  if (starts('RIFF') && starts('WEBP', 8)) return { type: 'picture', mimeType: 'image/webp' }
  // Readers take a PDF whose mark stands somewhere in the first kilobyte.
  if (bytes.subarray(0, 1024).includes('%PDF-')) return { type: 'pdf', mimeType: 'application/pdf' }
  if (starts('OggS')) return { type: 'sound', mimeType: 'audio/ogg', format: 'ogg' }
  if (starts('RIFF') && starts('WAVE', 8)) return { type: 'sound', mimeType: 'audio/wav', format: 'wav' }
  if (starts('fLaC')) return { type: 'sound', mimeType: 'audio/flac', format: 'flac' }
  if (starts('FORM') && starts('AIF', 8)) return { type: 'sound', mimeType: 'audio/aiff', format: 'aiff' }
  if (starts('\x1aE\xdf\xa3')) return { type: 'sound', mimeType: 'audio/webm', format: 'webm' }
  // MP4, also with pictures in it: a video note.
  if (starts('ftyp', 4)) return { type: 'sound', mimeType: 'audio/mp4', format: 'm4a' }
  return starts('ID3') ? { type: 'sound', mimeType: 'audio/mpeg', format: 'mp3' } : ofFrames(bytes)
}

/** AAC and MP3 without a mark begin with a frame: eleven or twelve bits set, then the layer, which for MP3 is the third. */
function ofFrames(bytes: Buffer): FileType | undefined {
  const [first = 0, second = 0] = bytes
  if (first !== 0xff) return undefined
  if ((second & 0xf6) === 0xf0) return { type: 'sound', mimeType: 'audio/aac', format: 'aac' }
  // Of the other layers one would be the mark of UTF-16.
  const isThirdLayer = (second & 0xe0) === 0xe0 && (second & 0x06) === 0x02
  return isThirdLayer ? { type: 'sound', mimeType: 'audio/mpeg', format: 'mp3' } : undefined
}
