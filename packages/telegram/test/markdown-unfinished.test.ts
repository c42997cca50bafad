import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createLiveRendering } from '../src/live-rendering.ts'
import { renderMarkdown } from '../src/markdown.ts'
import { renderUnfinished } from '../src/markdown-unfinished.ts'
import { expectSendable, readEntities } from './formatted-text.ts'
import { modelSamples } from './model-samples.ts'
import { markdownSoup, writtenBlocks } from './written-markdown.ts'

const long = 'word '.repeat(50)

const cases: { name: string; markdown: string[]; text: string; entities?: string[] }[] = [
  { name: 'plain text is shown as it comes', markdown: ['Hel', 'Hel '], text: 'Hel' },
  {
    name: 'half a mark is held back',
    markdown: ['a *', 'a **', 'a _', 'a ~', 'a ~~', 'a |', 'a ||', 'a `', 'a ``'],
    text: 'a',
  },
  {
    name: 'what has been opened just now is held back',
    markdown: ['a **b', 'a **b *c', 'a __b_', 'a ~~b~', 'a ||b c', 'a `b', 'a ``b`', 'a **b*', 'a **[b'],
    text: 'a',
  },
  { name: 'what is closed is shown', markdown: ['a **b**', 'a **b** '], text: 'a b', entities: ['bold:b'] },
  { name: 'a mark that opens nothing is text', markdown: ['2 *\n', '2 * ', '2 * **'], text: '2 *' },
  { name: 'a mark within a name is text', markdown: ['snake_case', 'snake_case_'], text: 'snake_case' },
  {
    name: 'a paragraph that has ended shows what it left open',
    markdown: ['a **b\n\n', 'a **b\n\n- ', 'a **b\n\n> #'],
    text: 'a **b',
  },
  {
    name: 'what has been open for long is taken as closed',
    markdown: [`a **${long}**`, `a **${long}`, `a **${long} *`, `a **${long} \`x`],
    text: `a ${long}`.trim(),
    entities: [`bold:${long.trim()}`],
  },
  {
    name: 'code that has been open for long is code',
    markdown: [`a \`${long}`, `a \`${long}\``],
    text: `a ${long}`.trim(),
    entities: [`code:${long.trim()}`],
  },
  {
    name: 'a spoiler that has been open for long stays hidden',
    markdown: [`||${long}`],
    text: long.trim(),
    entities: [`spoiler:${long.trim()}`],
  },
  {
    name: 'a link is shown when its address is complete',
    markdown: [
      ...[
        'a [',
        'a [b',
        'a [b]',
        'a [b](',
        'a [b](htt',
        'a [b](https://x.example/',
        'a [b](https://x.example/(c)',
      ],
      ...['a [b](https://x.example/ "ti', 'a [b][', 'a [b][re', `a [b](https://x.example/${'c'.repeat(500)}`],
    ],
    text: 'a',
  },
  {
    name: 'so is an image',
    markdown: [
      'a !',
      'a ![',
      'a ![b',
      'a ![b](https://x.example/c.p',
      'a [![b](https://x.example/c.png)](https://',
    ],
    text: 'a',
  },
  { name: 'an exclamation mark is no image', markdown: ['Hey!', 'Hey! '], text: 'Hey!' },
  {
    name: 'brackets that make no link are text',
    markdown: ['a [b] ', 'a [b] _c'],
    text: 'a [b]',
  },
  { name: 'a bracket far back is text', markdown: [`a [${long}`], text: `a [${long}`.trim() },
  {
    name: 'half a tag and half an address are held back',
    markdown: ['a <', 'a <b', 'a </de', 'a <https://x.exam'],
    text: 'a',
  },
  { name: 'half a character reference is held back', markdown: ['a &', 'a &am', 'a &#12'], text: 'a' },
  { name: 'an escape is shown with what it escapes', markdown: ['a', 'a \\'], text: 'a' },
  {
    name: 'marks that a line begins with are held back',
    markdown: [
      ...[
        'a\n\n#',
        'a\n\n## ',
        'a\n\n-',
        'a\n\n- ',
        'a\n\n*',
        'a\n\n1',
        'a\n\n1.',
        'a\n\n12) ',
        'a\n\n>',
        'a\n\n> - ',
      ],
      ...[
        'a\n\n- [',
        'a\n\n- [ ',
        'a\n\n- [x]',
        'a\n\n- [ ] ',
        'a\n\n---',
        'a\n\n- - -',
        'a\n\n***',
        'a\n\n> ## ',
      ],
      ...['a\n\n- **b', 'a\n\n1. `b', 'a\n\n> [b', 'a\n\n- [x] _b', 'a\n\n# ~~b', 'a\n===', 'a\n-', 'a\n='],
    ],
    text: 'a',
  },
  { name: 'an item is shown with its first letter', markdown: ['- [x] b'], text: '☑ b' },
  {
    name: 'a fence is shown with its first line of code',
    markdown: [
      'a\n`',
      'a\n``',
      'a\n```',
      'a\n```pyth',
      'a\n```python\n',
      'a\n~~~',
      'a\n- ```js',
      'a\n> ````',
    ],
    text: 'a',
  },
  {
    name: 'code grows in its fence, and half the closing fence is held back',
    markdown: ['```js\nx', '```js\nx\n', '```js\nx\n`', '```js\nx\n``', '```js\nx\n```', '````js\nx\n```'],
    text: 'x',
    entities: ['pre:x(js)'],
  },
  {
    name: 'marks within open code are code',
    markdown: ['```\n**x\n- '],
    text: '**x\n-',
    entities: ['pre:**x\n-'],
  },
  {
    name: 'a table is shown when it is one',
    markdown: [
      'a\n\n|',
      'a\n\n| b',
      'a\n\n| b | c |',
      'a\n\n| b | c |\n',
      'a\n\n| b | c |\n|',
      'a\n\n| b | c |\n|--',
      'a\n\n| b | c |\n|--|-',
    ],
    text: 'a',
  },
  {
    name: 'a row is shown when it is complete',
    markdown: [
      '|b|c|\n|-|-|\n|1|2|',
      '|b|c|\n|-|-|\n|1|2|\n',
      '|b|c|\n|-|-|\n|1|2|\n|',
      '|b|c|\n|-|-|\n|1|2|\n| 33 | 4',
    ],
    text: 'b | c\n--|--\n1 | 2',
    entities: ['pre:b | c\n--|--\n1 | 2'],
  },
  { name: 'lines with bars that make no table are text', markdown: ['|b|\nc', '|b|\nc\n|'], text: '|b|\nc' },
  {
    name: 'a formula is shown as it is written',
    markdown: ['\\[\nx_1 = *y', '\\[\nx_1 = *y\n'],
    text: '\\[\nx_1 = *y',
  },
  { name: 'so is one within a line', markdown: ['a \\(x_1 * y_2'], text: 'a \\(x_1 * y_2' },
  {
    name: 'in what may be a formula marks wait',
    markdown: ['a $x', 'a $x_', 'a $x_i*y', 'a $x[1'],
    text: 'a $x',
  },
  { name: 'a price is no formula', markdown: ['$5 or **so**'], text: '$5 or so', entities: ['bold:so'] },
  {
    name: 'a definition is held back to its end',
    markdown: ['a\n\n[1]:', 'a\n\n[1]: https://x.exam'],
    text: 'a',
  },
  { name: 'half a character is held back', markdown: ['a\ud83d'], text: 'a' },
  { name: 'nothing shows nothing', markdown: ['', '\n', '**', '```', '- ', '# ', '> '], text: '' },
]

describe('renderUnfinished', () => {
  test.each(cases)('$name', ({ markdown, text, entities = [] }) => {
    for (const each of markdown) {
      const shown = renderUnfinished(each)
      expectSendable(shown)
      expect({ of: each, text: shown.text, entities: readEntities(shown) }).toEqual({
        of: each,
        text,
        entities,
      })
    }
  })

  test('whatever is written, the result is one that Telegram takes', () => {
    fc.assert(
      fc.property(markdownSoup(), (markdown) => expectSendable(renderUnfinished(markdown))),
      { numRuns: 3_000 },
    )
  })

  test.each([
    ...[
      '*',
      '**a ',
      '_[',
      '[',
      '![',
      '`',
      '||',
      '$',
      '\\(',
      '> ',
      '- ',
      '<',
      '&',
      '~~',
      '|',
      '| a |\n',
      '$a_',
      'a*b',
    ],
    ...['[1]: x\n', '[a](b ', '***', '```\n', '\\[\n', 'a|b\n-|-\n', '*a _b ~~c ||d '],
  ])('100 KB of %j repeated are shown as a text of the same order of size', (piece) => {
    const { text } = renderUnfinished(piece.repeat(100_000 / piece.length))
    expect(text.length).toBeLessThan(2_500_000)
  })

  test('what is shown of a text that grows is always the beginning of what is shown in the end', () => {
    fc.assert(
      fc.property(
        writtenBlocks({ maxBlocks: 2 }).filter((blocks) => !blocks.some(changes)),
        (blocks) => expectToGrow(blocks.join('\n\n')),
      ),
      { numRuns: 300, seed: 2026 },
    )
  })

  test('of a text that grows only the last block ever changes', () => {
    fc.assert(
      fc.property(
        writtenBlocks().filter((blocks) => !blocks.some(isDefinition)),
        (blocks) => {
          const last = blocks.at(-1) ?? ''
          const before = blocks.slice(0, -1).map((block) => `${block}\n\n`)
          const settled = renderMarkdown(before.join('')).text
          for (const shown of beginningsOf(before.join('') + last, before.join('').length)) {
            if (!shown.startsWith(settled)) expect(shown).toContain(settled)
          }
        },
      ),
      { numRuns: 300, seed: 2026 },
    )
  })

  test.each(modelSamples.filter(({ markdown }) => !changes(markdown)))(
    'a reply of $model with $name grows to what it is in the end',
    ({ markdown }) => expectToGrow(markdown),
  )

  test.each(modelSamples)('a reply of $model with $name is shown as a whole when it has ended', (sample) => {
    const shown = renderUnfinished(`${sample.markdown}\n\n`)
    expect({ text: shown.text, entities: readEntities(shown) }).toEqual({
      text: sample.text,
      entities: sample.entities,
    })
  })
})

function expectToGrow(markdown: string): void {
  const { text } = renderMarkdown(markdown)
  for (const shown of beginningsOf(markdown)) {
    if (!text.startsWith(shown)) expect(shown).toBe(text.slice(0, shown.length))
  }
}

/** What is shown of a text letter by letter. */
function* beginningsOf(markdown: string, from = 0): Generator<string> {
  const live = createLiveRendering()
  for (let end = from; end <= markdown.length; end++) yield live.show(markdown.slice(0, end)).text
}

/** Whether a block may show otherwise when it goes on: tables, underlined headings, and what is defined later. */
function changes(block: string): boolean {
  return /^[> ]*\|/m.test(block) || /^[> ]*(?:---+|===+)$/m.test(block) || isDefinition(block)
}

function isDefinition(block: string): boolean {
  return /^[> ]*(?:[-*+] |\d+[.)] )*\[[^\]]*\]: /m.test(block)
}
