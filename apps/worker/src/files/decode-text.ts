/** Reads the text of a file whose encoding nobody tells. */

/** What is looked at to tell UTF-16 and what is no text. */
const SAMPLE_BYTES = 4096
/** More control characters than this are no text. */
const MOST_CONTROLS = 0.005

/** The text: UTF-8, UTF-16, else windows-1251 or windows-1252 by how its letters stand. Undefined for what is none. */
export function decodeText(bytes: Buffer): string | undefined {
  const encoding = encodingOf(bytes)
  if (!encoding) return undefined
  return new TextDecoder(encoding).decode(bytes).replaceAll('\0', '').replace(/\r\n?/g, '\n')
}

function encodingOf(bytes: Buffer): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  const sample = bytes.subarray(0, SAMPLE_BYTES)
  if (sample.includes(0)) return utf16Of(sample)
  if (controlShare(sample) > MOST_CONTROLS) return undefined
  if (isUtf8(bytes)) return 'utf-8'
  return hasRunsOfLetters(sample) ? 'windows-1251' : 'windows-1252'
}

/** Without a mark: in Latin and Cyrillic texts nearly every second byte is 0 or 4. */
function utf16Of(sample: Buffer): string | undefined {
  const highShare = (from: number) => {
    let high = 0
    for (let at = from; at < sample.length; at += 2) if (sample[at] === 0 || sample[at] === 4) high++
    return high / Math.max(1, sample.length / 2)
  }
  if (highShare(1) > 0.9 && highShare(0) < 0.1) return 'utf-16le'
  return highShare(0) > 0.9 && highShare(1) < 0.1 ? 'utf-16be' : undefined
}

function isUtf8(bytes: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}

function controlShare(sample: Buffer): number {
  let controls = 0
  for (const byte of sample) if (byte < 0x20 && ![0x09, 0x0a, 0x0c, 0x0d, 0x1b].includes(byte)) controls++
  return controls / Math.max(1, sample.length)
}

/** Cyrillic letters stand side by side, the accented ones of Western languages mostly alone. */
function hasRunsOfLetters(sample: Buffer): boolean {
  const isHigh = (byte: number | undefined) => byte !== undefined && byte >= 0xa8
  let high = 0
  let beside = 0
  for (let at = 0; at < sample.length; at++) {
    if (!isHigh(sample[at])) continue
    high++
    if (isHigh(sample[at - 1]) || isHigh(sample[at + 1])) beside++
  }
  return beside > high / 2
}
