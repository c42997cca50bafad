// What is seen of a message, character by character.
import type { FormattedText } from '../src/formatted-text.ts'

/** A character that shows, how far it is from the one before, and its formatting. */
export interface Glyph {
  character: string
  /** `joined`, after blanks (`space`), on a new line (`line`), or behind a blank line (`apart`). */
  after: 'joined' | 'space' | 'line' | 'apart'
  /** Kinds of formatting, sorted. */
  formatting: string
}

/** What is seen of a message. */
export function messageShows({ text, entities }: FormattedText): Glyph[] {
  const formattings = Array.from({ length: text.length }, (): string[] => [])
  for (const { type, offset, length, url, language } of entities) {
    const kind = type === 'expandable_blockquote' ? 'blockquote' : type
    const name = `${kind}${url ? `=${url}` : ''}${language ? `=${language}` : ''}`
    for (let unit = offset; unit < offset + length; unit++) formattings[unit]?.push(name)
  }
  const glyphs: Glyph[] = []
  let blanks = '\n\n'
  for (let unit = 0; unit < text.length; unit++) {
    const character = text.charAt(unit)
    if (isBlank(character)) {
      blanks += character
      continue
    }
    glyphs.push({ character, after: gapOf(blanks), formatting: (formattings[unit] ?? []).sort().join(' ') })
    blanks = ''
  }
  return glyphs
}

/** What blanks between two characters amount to. */
export function gapOf(blanks: string): Glyph['after'] {
  if (blanks === '') return 'joined'
  const lines = blanks.split('\n').length - 1
  return lines > 1 ? 'apart' : lines === 1 ? 'line' : 'space'
}

/** Whether a character shows nothing. */
export function isBlank(character: string): boolean {
  return /[\s\u200b\u2060]/.test(character)
}
