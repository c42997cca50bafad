import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { renderMarkdown } from '../src/markdown.ts'
import { cutPages } from '../src/pages.ts'
import { expectSendable, withoutBlanks } from './formatted-text.ts'

const plain = (text: string, maxUnits: number): string[] =>
  cutPages({ text, entities: [] }, { maxUnits }).map((page) => page.text)

describe('cutPages', () => {
  test('a text that fits is one page', () => {
    const formatted = renderMarkdown('**a** b')
    expect(cutPages(formatted)).toEqual([formatted])
  })

  test('a blank text has no page', () => {
    expect(cutPages({ text: ' \n\u200b', entities: [] })).toEqual([])
    expect(cutPages(renderMarkdown(''))).toEqual([])
  })

  test('a page ends at a blank line rather than at a line', () => {
    expect(plain('aaa aaa\n\nbbb bbb\nccc ccc', 20)).toEqual(['aaa aaa', 'bbb bbb\nccc ccc'])
  })

  test('a page ends at a line rather than at a sentence', () => {
    expect(plain('One two.\nThree. Four five six.', 20)).toEqual([
      'One two.',
      'Three. Four five six.'.slice(0, 6),
      'Four five six.',
    ])
  })

  test('a page ends at a sentence rather than at a space', () => {
    expect(plain('Aaa bbb ccc. Ddd eee', 18)).toEqual(['Aaa bbb ccc.', 'Ddd eee'])
    expect(plain('一二三四五六七八九十。一二三四五', 14)).toEqual(['一二三四五六七八九十。', '一二三四五'])
  })

  test('a page ends at a space rather than within a word', () => {
    expect(plain('aaaa bbbb cccc', 12)).toEqual(['aaaa bbbb', 'cccc'])
  })

  test('a word that is longer than a page is cut within', () => {
    expect(plain('a'.repeat(25), 10)).toEqual(['a'.repeat(10), 'a'.repeat(10), 'a'.repeat(5)])
  })

  test('a character of many units is not cut', () => {
    const family = '👨‍👩‍👧‍👦'
    expect(plain(family.repeat(3), family.length * 2 - 1)).toEqual([family, family, family])
    expect(plain('🇺🇦'.repeat(5), 10)).toEqual(['🇺🇦🇺🇦', '🇺🇦🇺🇦', '🇺🇦'])
  })

  test('a character that is longer than a page is cut, but no surrogate pair', () => {
    for (const page of plain(`a${'\u{1d165}'.repeat(40)}`, 10)) expect(page.isWellFormed()).toBe(true)
  })

  test('an entity across a cut goes on, and code keeps its language', () => {
    const code = Array.from({ length: 10 }, (_, i) => `    line ${i}`).join('\n')
    const pages = cutPages(renderMarkdown(`\`\`\`py\n${code}\n\`\`\``), { maxUnits: 40 })
    expect(pages.map(({ text }) => text).join('\n')).toBe(code)
    for (const { text, entities } of pages) {
      expect(entities).toEqual([{ type: 'pre', language: 'py', offset: 0, length: text.length }])
    }
  })

  test('the indentation of code that begins a page in a quote is kept', () => {
    const pages = cutPages(renderMarkdown('> aaaa aaaa\n>\n> ```\n>     x\n> ```'), { maxUnits: 12 })
    expect(pages[1]?.text).toBe('    x')
    for (const page of pages) expectSendable(page)
  })

  test('a page ends before code rather than at a blank line within it', () => {
    const pages = cutPages(renderMarkdown('Some text here:\n```\na\n\nb\n\nccccc\n```'), { maxUnits: 24 })
    expect(pages.map(({ text }) => text)).toEqual(['Some text here:', 'a\n\nb\n\nccccc'])
  })

  test('a page holds no more entities than allowed', () => {
    const markdown = Array.from({ length: 250 }, (_, i) => `**a${i}**`).join(' ')
    const formatted = renderMarkdown(markdown)
    const pages = cutPages(formatted)
    expect(pages.map(({ entities }) => entities.length)).toEqual([100, 100, 50])
    expect(pages.map(({ text }) => text).join(' ')).toBe(formatted.text)
  })

  test('of more entities at one point than a page may hold the innermost are given up', () => {
    const entities = Array.from({ length: 5 }, (_, i) => ({
      type: 'bold' as const,
      offset: 0,
      length: 9 - i,
    }))
    expect(cutPages({ text: 'aaaaaaaaa', entities }, { maxEntities: 2 })).toEqual([
      { text: 'aaaaaaaaa', entities: entities.slice(0, 2) },
    ])
  })

  const pieces = fc.constantFrom(
    '**bold** ',
    '*i* ',
    '`c` ',
    'word ',
    'End. ',
    '\n',
    '\n\n',
    '\n- ',
    '\n> ',
    '\n```js\n  x\n\n  y\n```\n',
    '👨‍👩‍👧',
    'e\u0301',
    '漢字。',
    'a'.repeat(30),
    ' \u0301',
    '[l](https://a.example) ',
    '\u0600',
  )
  const soup = fc
    .array(fc.oneof(pieces, fc.string({ unit: 'binary', maxLength: 5 })), { maxLength: 60 })
    .map((parts) => parts.join(''))

  test('whatever is cut, pages keep the limits and together show the whole', () => {
    const limits = fc.record({
      maxUnits: fc.integer({ min: 16, max: 200 }),
      maxEntities: fc.integer({ min: 5, max: 9 }),
    })
    fc.assert(
      fc.property(soup, limits, (markdown, { maxUnits, maxEntities }) => {
        const whole = renderMarkdown(markdown)
        const pages = cutPages(whole, { maxUnits, maxEntities })
        for (const page of pages) {
          expectSendable(page)
          expect(withoutBlanks(page.text)).not.toBe('')
          expect(page.text.length).toBeLessThanOrEqual(maxUnits)
          expect(page.entities.length).toBeLessThanOrEqual(maxEntities)
        }
        expect(withoutBlanks(pages.map(({ text }) => text).join(''))).toBe(withoutBlanks(whole.text))
        expect(formattedUnits(pages.flatMap(unitsOf))).toEqual(formattedUnits(unitsOf(whole)))
        expectWholeCharacters(
          whole.text,
          pages.map(({ text }) => text),
        )
      }),
      { numRuns: 2_000 },
    )
  })

  test.each(['a', ' ', '\n', 'a\n\n', 'a. ', '😀', '\u0301', ' \u0301', '漢'])(
    '200 KB of %j are cut without loss',
    (piece) => {
      const text = `x${piece.repeat(200_000 / piece.length)}`
      expect(withoutBlanks(plain(text, 4096).join(''))).toBe(withoutBlanks(text))
    },
  )
})

/** Each unit that shows, with the kinds of formatting over it. */
function unitsOf({ text, entities }: ReturnType<typeof renderMarkdown>): string[] {
  const kinds = Array.from({ length: text.length }, () => '')
  for (const { type, offset, length } of entities) {
    for (let unit = offset; unit < offset + length; unit++) kinds[unit] += type[0] ?? ''
  }
  return kinds.map((kind, unit) => `${text[unit]}${[...kind].sort().join('')}`)
}

function formattedUnits(units: string[]): string[] {
  return units.filter((unit) => withoutBlanks(unit[0] ?? '') !== '')
}

function expectWholeCharacters(whole: string, pages: string[]): void {
  const starts = new Set([...new Intl.Segmenter().segment(whole)].map(({ index }) => index))
  let position = 0
  for (const page of pages) {
    const from = whole.indexOf(page, position)
    expect(from).toBeGreaterThanOrEqual(position)
    position = from + page.length
    const isLongest = [...new Intl.Segmenter().segment(page)].length === 1
    expect(position === whole.length || starts.has(position) || isLongest).toBe(true)
  }
}
