import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createLiveRendering } from '../src/live-rendering.ts'
import { renderUnfinished } from '../src/markdown-unfinished.ts'
import { modelSamples } from './model-samples.ts'
import { markdownSoup, writtenDocument } from './written-markdown.ts'

const steps = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 10 })

describe('a live rendering', () => {
  test.each([
    { name: 'documents', documents: writtenDocument({ maxBlocks: 5 }), numRuns: 1_000 },
    { name: 'texts that are Markdown only by accident', documents: markdownSoup(), numRuns: 3_000 },
  ])('shows growing $name as if each step were the first', ({ documents, numRuns }) => {
    fc.assert(
      fc.property(documents, steps, (markdown, lengths) => {
        expectSameAsFirst(beginnings(markdown, lengths))
      }),
      { numRuns },
    )
  })

  test.each(modelSamples)('shows a reply of $model with $name letter by letter', ({ markdown }) => {
    expectSameAsFirst(beginnings(`${markdown}\n\n${markdown}`, [1]))
  })

  test('goes on with the numbers of a list that it has left behind', () => {
    const live = createLiveRendering()
    live.show('1. a\n2. b\n3. c\n4.')
    expect(live.show('1. a\n2. b\n3. c\n4. d\n\n   e\n5. f').text).toBe('1. a\n2. b\n3. c\n4. d\n\ne\n5. f')
  })

  test('gives a definition its meaning for what was shown before', () => {
    const live = createLiveRendering()
    expect(live.show('See [a].\n\nMore.\n\n').entities).toEqual([])
    expect(live.show('See [a].\n\nMore.\n\n[a]: https://a.example\n')).toEqual({
      text: 'See a.\n\nMore.',
      entities: [{ type: 'text_link', url: 'https://a.example', offset: 4, length: 1 }],
    })
  })

  test('shows another text anew', () => {
    const live = createLiveRendering()
    live.show('# A\n\nLong text\n\nmore')
    expect(live.show('**b** c')).toEqual(renderUnfinished('**b** c'))
    expect(live.show('')).toEqual({ text: '', entities: [] })
  })
})

function expectSameAsFirst(texts: string[]): void {
  const live = createLiveRendering()
  for (const text of texts)
    expect({ text, shown: live.show(text) }).toEqual({ text, shown: renderUnfinished(text) })
}

/** The text as it grows by such steps, over and over. */
function beginnings(markdown: string, lengths: number[]): string[] {
  const all: string[] = []
  for (let end = 0, step = 0; end < markdown.length; step++) {
    end += lengths[step % lengths.length] ?? 1
    all.push(markdown.slice(0, end))
  }
  return all
}
