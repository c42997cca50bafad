// What holds for every text that goes to Telegram, checked without the code under test.
import { expect } from 'vitest'
import type { FormattedText } from '../src/formatted-text.ts'

const CODE = ['code', 'pre']
const QUOTES = ['blockquote', 'expandable_blockquote']

/** Checks a text and its entities against Telegram's rules. */
export function expectSendable({ text, entities }: FormattedText): void {
  expect(text.isWellFormed()).toBe(true)
  expect(text.trimEnd()).toBe(text)
  expect(
    text.slice(0, entities.some(({ type, offset }) => type === 'pre' && offset === 0) ? 0 : 1).trim(),
  ).toBe(entities.some(({ type, offset }) => type === 'pre' && offset === 0) ? '' : text.slice(0, 1))
  let previous = { offset: 0, length: Number.MAX_SAFE_INTEGER }
  for (const [index, entity] of entities.entries()) {
    const { type, offset, length } = entity
    const end = offset + length
    expect(offset).toBeGreaterThanOrEqual(0)
    expect(end).toBeLessThanOrEqual(text.length)
    const shown = text.slice(offset, end)
    expect(shown.trim()).not.toBe('')
    expect(shown.isWellFormed()).toBe(true)
    expect(offset > previous.offset || (offset === previous.offset && length <= previous.length)).toBe(true)
    previous = entity
    for (const other of entities.slice(index + 1)) {
      if (other.offset >= end) break
      expect(other.offset + other.length, `${type} crosses ${other.type}`).toBeLessThanOrEqual(end)
      expect(CODE.includes(type), `${other.type} within ${type}`).toBe(false)
      expect(QUOTES.includes(type) && QUOTES.includes(other.type)).toBe(false)
      expect(type === other.type, `${type} within itself`).toBe(false)
      expect(type === 'text_link' && CODE.includes(other.type)).toBe(false)
    }
  }
}

/** A text without what is blank. */
export function withoutBlanks(text: string): string {
  return text.replaceAll(/[\s\u0085\u180e\u200b\u2060]/g, '')
}

/** The entities of a text, each as `type:what it covers`, with `→url` or `(language)`. */
export function readEntities({ text, entities }: FormattedText): string[] {
  return entities.map(({ type, offset, length, url, language }) => {
    const extra = url ? `→${url}` : language ? `(${language})` : ''
    return `${type}:${text.slice(offset, offset + length)}${extra}`
  })
}
