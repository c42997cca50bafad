// The proof that a reader sees what was written: an independent parser says what that is.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { FormattedText } from '../src/formatted-text.ts'
import { renderMarkdown } from '../src/markdown.ts'
import { cutPages, type PageLimits } from '../src/pages.ts'
import { expectSendable } from './formatted-text.ts'
import { type Glyph, messageShows } from './glyphs.ts'
import { readerSees } from './reader.ts'
import { markdownSoup, writtenDocument } from './written-markdown.ts'

// The same documents each time: what another seed finds is no news of the change that is tested.
const seed = 2026

describe('a reader of the message', () => {
  test('sees all that was written, in order, formatted as it was meant, and nothing else', () => {
    fc.assert(
      fc.property(writtenDocument(), limits(), (markdown, pageLimits) => {
        const expected = readerSees(markdown)
        const whole = renderMarkdown(markdown)
        expectSendable(whole)
        expectSame(messageShows(whole), expected)
        const pages = cutPages(whole, pageLimits)
        expectPages(pages, pageLimits)
        expectSame(pages.flatMap(messageShows), expected, { isCut: true })
      }),
      { numRuns: 10_000, seed },
    )
  }, 120_000)

  test('sees all of a long text on pages of the size that Telegram takes', () => {
    fc.assert(
      fc.property(writtenDocument({ maxBlocks: 80 }), (markdown) => {
        const pages = cutPages(renderMarkdown(markdown))
        expectPages(pages, {})
        expectSame(pages.flatMap(messageShows), readerSees(markdown), { isCut: true })
      }),
      { numRuns: 60, seed },
    )
  }, 120_000)

  test('sees every word of a text that is Markdown only by accident, in order, and no other', () => {
    fc.assert(
      fc.property(markdownSoup(), (markdown) => {
        const whole = renderMarkdown(markdown)
        expectSendable(whole)
        const pages = cutPages(whole, { maxUnits: 40 })
        expectPages(pages, { maxUnits: 40 })
        const expected = wordsOf(readerSees(markdown))
        expect(wordsOf(messageShows(whole))).toBe(expected)
        expect(wordsOf(pages.flatMap(messageShows))).toBe(expected)
      }),
      { numRuns: 5_000, seed },
    )
  })
})

function limits(): fc.Arbitrary<PageLimits> {
  return fc.oneof(
    fc.constant({}),
    fc.record({ maxUnits: fc.integer({ min: 30, max: 300 }), maxEntities: fc.integer({ min: 8, max: 30 }) }),
  )
}

function expectPages(pages: FormattedText[], { maxUnits = 4096, maxEntities = 100 }: PageLimits): void {
  for (const page of pages) {
    expectSendable(page)
    expect(page.text.length).toBeLessThanOrEqual(maxUnits)
    expect(page.entities.length).toBeLessThanOrEqual(maxEntities)
  }
}

/** Compares glyph by glyph. A line may be set apart where it need not; where a text is cut, gaps are gone. */
function expectSame(shown: Glyph[], expected: Glyph[], { isCut = false } = {}): void {
  const length = Math.max(shown.length, expected.length)
  for (let index = 0; index < length; index++) {
    const [is, must] = [shown[index], expected[index]]
    const isSame =
      is?.character === must?.character &&
      is?.formatting === must?.formatting &&
      (isCut || is?.after === must?.after || (must?.after === 'line' && is?.after === 'apart'))
    if (!isSame) expect(aroundIn(shown, index)).toEqual(aroundIn(expected, index))
  }
}

/** What is shown around a glyph, for a reader of the failure. */
function aroundIn(glyphs: Glyph[], index: number): { text: string; glyph: Glyph | undefined } {
  const near = glyphs.slice(Math.max(0, index - 30), index + 10)
  const text = near.map(
    ({ character, after }) => (after === 'joined' ? '' : after === 'space' ? ' ' : '\n') + character,
  )
  return { text: text.join(''), glyph: glyphs[index] }
}

/** The letters that are written, without marks and the numbers of items. */
function wordsOf(glyphs: Glyph[]): string {
  return glyphs
    .map(({ character }) => character)
    .join('')
    .replaceAll(/[^\p{L}\p{Script=Han}]/gu, '')
}
