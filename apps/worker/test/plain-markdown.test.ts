import { createTextBook, plainMarkdown, quoteMarkdown } from '@chatlane/dialogue'
import { cutPages, renderMarkdown } from '@chatlane/telegram'
import { expect, test } from 'vitest'

/** Whatever means something in Markdown, one way or another. */
const PIECES =
  'a|b c| |*|_|`|~~|(|)|[|]|\\|<b>|>|#|- |1. |2)|!|&amp;|$|^|: |http://x.y/z_z_z|@bob|||s|||=|{|}|%|,|?|ж|😀|\n'.split(
    /\|(?!\|)/,
  )

/** The same texts in every run. */
function* texts() {
  let seed = 7
  const next = (below: number) => {
    seed = (seed * 48_271) % 2_147_483_647
    return seed % below
  }
  for (let n = 0; n < 2000; n++)
    yield Array.from({ length: 1 + next(12) }, () => PIECES[next(PIECES.length)] ?? '').join('')
}

const inOneLine = (text: string) => text.replace(/\s+/g, ' ').trim()

test('whatever a text has in it, it is shown as it is', () => {
  for (const text of texts()) {
    const shown = renderMarkdown(`x${plainMarkdown(text)}y`)
    expect([shown.text, shown.entities], text).toEqual([`x${inOneLine(text)}y`, []])
  }
})

test('a quoted text is one quotation, and nothing in it means anything', () => {
  for (const text of texts()) {
    const shown = renderMarkdown(`before\n\n${quoteMarkdown(text)}\n\nafter`)
    const lines = ['before', ...text.split('\n').map(inOneLine), 'after'].filter((line) => line !== '')
    expect(
      shown.text.split('\n').filter((line) => line !== ''),
      text,
    ).toEqual(lines)
    for (const { type } of shown.entities) expect(type, text).toMatch(/blockquote$/)
  }
})

test('the longest system prompt fits into one message with all that is said about it', () => {
  const prompt = `${'*слово*\n'.repeat(400)}${'x'.repeat(3500)}`.slice(0, 3500)
  for (const language of ['ru', 'en'] as const) {
    const { system, settings } = createTextBook().in(language)
    const card = [system.own, quoteMarkdown(prompt), settings.changesGo.chat, system.askInGroup].join('\n\n')
    const pages = cutPages(renderMarkdown(card))
    expect(pages).toHaveLength(1)
    expect(pages[0]?.text).toContain(prompt.slice(-200))
  }
})
