import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { renderMarkdown } from '../src/markdown.ts'
import { expectSendable, readEntities } from './formatted-text.ts'

function read(markdown: string): { text: string; entities: string[] } {
  const formatted = renderMarkdown(markdown)
  expectSendable(formatted)
  return { text: formatted.text, entities: readEntities(formatted) }
}

const samples: { name: string; markdown: string; text: string; entities?: string[] }[] = [
  { name: 'plain text stays as it is', markdown: 'Hello, world', text: 'Hello, world' },
  { name: 'an empty text is empty', markdown: ' \n\n\t', text: '' },
  { name: 'two asterisks are bold', markdown: 'a **b c** d', text: 'a b c d', entities: ['bold:b c'] },
  { name: 'two underscores are bold', markdown: '__b__', text: 'b', entities: ['bold:b'] },
  { name: 'one asterisk is italic', markdown: '*i* _j_', text: 'i j', entities: ['italic:i', 'italic:j'] },
  {
    name: 'three asterisks are both',
    markdown: '***x***',
    text: 'x',
    entities: ['bold:x', 'italic:x'],
  },
  { name: 'underscores within a name mean nothing', markdown: 'my_var_name', text: 'my_var_name' },
  { name: 'asterisks between spaces mean nothing', markdown: '2 * 3 * 4', text: '2 * 3 * 4' },
  { name: 'an unclosed mark is text', markdown: 'a **b', text: 'a **b' },
  { name: 'tildes strike through', markdown: '~~old~~', text: 'old', entities: ['strikethrough:old'] },
  {
    name: 'bars hide a spoiler',
    markdown: 'It was ||the **butler**||.',
    text: 'It was the butler.',
    entities: ['spoiler:the butler', 'bold:butler'],
  },
  { name: 'bars as an operator are text', markdown: 'a || b || c, a||b||c', text: 'a || b || c, a||b||c' },
  {
    name: 'italic lies within bold',
    markdown: '**a *b* c**',
    text: 'a b c',
    entities: ['bold:a b c', 'italic:b'],
  },
  {
    name: 'bold within bold is shown once',
    markdown: '# a **b** c',
    text: 'a b c',
    entities: ['bold:a b c'],
  },
  {
    name: 'code interrupts bold',
    markdown: '**use `x` now**',
    text: 'use x now',
    entities: ['bold:use', 'code:x', 'bold:now'],
  },
  { name: 'marks within code are text', markdown: '`**x**`', text: '**x**', entities: ['code:**x**'] },
  { name: 'code may hold a backtick', markdown: '`` a`b ``', text: 'a`b', entities: ['code:a`b'] },
  {
    name: 'bold closes before an East Asian character',
    markdown: '**注意：**内容',
    text: '注意：内容',
    entities: ['bold:注意：'],
  },
  {
    name: 'bold closes between a colon and a letter',
    markdown: '**Важно:**текст',
    text: 'Важно:текст',
    entities: ['bold:Важно:'],
  },
  {
    name: 'a link shows its text',
    markdown: 'See [the docs](https://a.example/x?y=1&z=2).',
    text: 'See the docs.',
    entities: ['text_link:the docs→https://a.example/x?y=1&z=2'],
  },
  {
    name: 'a link may hold parentheses and underscores',
    markdown: '[W](https://en.wikipedia.org/wiki/A_b_(c_d))',
    text: 'W',
    entities: ['text_link:W→https://en.wikipedia.org/wiki/A_b_(c_d)'],
  },
  {
    name: 'bold text may be a link',
    markdown: '**[x](https://a.example)**',
    text: 'x',
    entities: ['text_link:x→https://a.example', 'bold:x'],
  },
  {
    name: 'code in a link is the link',
    markdown: '[`f()`](https://a.example)',
    text: 'f()',
    entities: ['text_link:f()→https://a.example'],
  },
  {
    name: 'a link without text shows its address',
    markdown: '[](https://a.example)',
    text: 'https://a.example',
    entities: ['text_link:https://a.example→https://a.example'],
  },
  {
    name: 'an address that Telegram cannot open follows the text',
    markdown: '[code](src/a.ts) [top](#top) [m](mailto:a@b.example)',
    text: 'code (src/a.ts) top m (a@b.example)',
  },
  {
    name: 'an address that starts a script stays text',
    markdown: '[x](javascript:alert)',
    text: '[x](javascript:alert)',
  },
  {
    name: 'an address in angle brackets is a link',
    markdown: '<https://a.example>',
    text: 'https://a.example',
    entities: ['text_link:https://a.example→https://a.example'],
  },
  { name: 'a bare address is left to Telegram', markdown: 'https://a.example', text: 'https://a.example' },
  {
    name: 'a file name that looks like a domain is shown as code',
    markdown: 'Read README.md and src/main.rs, not docs.rs/x.md or example.com.',
    text: 'Read README.md and src/main.rs, not docs.rs/x.md or example.com.',
    entities: ['code:README.md', 'code:src/main.rs'],
  },
  {
    name: 'a used definition becomes a link and an unused one stays',
    markdown: 'See [1].\n\n[1]: https://a.example\n[2]: https://b.example',
    text: 'See [1].\n\n[2]: https://b.example',
    entities: ['text_link:[1]→https://a.example'],
  },
  {
    name: 'an image is a link',
    markdown: '![a cat](https://a.example/c.png)',
    text: 'a cat',
    entities: ['text_link:a cat→https://a.example/c.png'],
  },
  {
    name: 'an image in a link leads where the link leads',
    markdown: '[![b](https://a.example/b.svg)](https://c.example)',
    text: 'b',
    entities: ['text_link:b→https://c.example'],
  },
  {
    name: 'a fence keeps its language and its indentation',
    markdown: '```python\n    x = 1\n\n  y\n```',
    text: '    x = 1\n\n  y',
    entities: ['pre:    x = 1\n\n  y(python)'],
  },
  {
    name: 'an unclosed fence is code to the end',
    markdown: 'a\n```js\nlet x',
    text: 'a\nlet x',
    entities: ['pre:let x(js)'],
  },
  {
    name: 'a longer fence holds a shorter one',
    markdown: '````md\n```js\nx\n```\n````',
    text: '```js\nx\n```',
    entities: ['pre:```js\nx\n```(md)'],
  },
  { name: 'an empty fence shows nothing', markdown: 'a\n\n```\n\n```\n\nb', text: 'a\n\nb' },
  { name: 'tabs in code become spaces', markdown: '```\n\tx\n```', text: '    x', entities: ['pre:    x'] },
  { name: 'a list has bullets', markdown: '- a\n* b\n+ c', text: '• a\n• b\n• c' },
  {
    name: 'lists nest and count',
    markdown: '1. a\n   - b\n     - c\n2. d\n\n7. e',
    text: '1. a\n    • b\n        • c\n2. d\n\n3. e',
  },
  { name: 'a list begins with its number', markdown: '3. a\n4. b', text: '3. a\n4. b' },
  { name: 'a list of paragraphs keeps its blank lines', markdown: '- a\n\n  b\n- c', text: '• a\n\nb\n• c' },
  { name: 'tasks have boxes', markdown: '- [x] a\n- [ ] b\n1. [X] c', text: '☑ a\n☐ b\n1. ☑ c' },
  {
    name: 'code in a list has lines of its own',
    markdown: '- run:\n  ```sh\n  ls\n  ```\n- ```\n  x\n  ```',
    text: '• run:\nls\n•\nx',
    entities: ['pre:ls(sh)', 'pre:x'],
  },
  { name: 'empty items remain', markdown: '- a\n-\n- b', text: '• a\n•\n• b' },
  { name: 'a quote is a quote', markdown: '> a\n> b\n\nc', text: 'a\nb\n\nc', entities: ['blockquote:a\nb'] },
  {
    name: 'quotes in quotes are one quote',
    markdown: '> a\n>> b\n> - **c**',
    text: 'a\nb\n• c',
    entities: ['blockquote:a\nb\n• c', 'bold:c'],
  },
  {
    name: 'a long quote is folded',
    markdown: Array.from({ length: 11 }, () => '> a  ').join('\n'),
    text: Array.from({ length: 11 }, () => 'a').join('\n'),
    entities: [`expandable_blockquote:${Array.from({ length: 11 }, () => 'a').join('\n')}`],
  },
  {
    name: 'a heading is bold between blank lines',
    markdown: 'a\n## T `c`\nb',
    text: 'a\n\nT c\n\nb',
    entities: ['bold:T', 'code:c'],
  },
  {
    name: 'a small table is aligned',
    markdown: '| Name | Qty |\n|:--|--:|\n| **Tea** | 5 |\n| 漢字 | 10 |',
    text: 'Name | Qty\n-----|----\nTea  |   5\n漢字 |  10',
    entities: ['pre:Name | Qty\n-----|----\nTea  |   5\n漢字 |  10'],
  },
  {
    name: 'a wide table is a list of its cells',
    markdown: `| Name | Text |\n|-|-|\n| **a** | ${'x'.repeat(40)} |\n| b | |`,
    text: `Name: a\nText: ${'x'.repeat(40)}\n\nName: b`,
    entities: ['bold:a'],
  },
  {
    name: 'a table with links keeps them',
    markdown: '| a | b |\n|-|-|\n| [x](https://y.example) | 2 |',
    text: 'a: x\nb: 2',
    entities: ['text_link:x→https://y.example'],
  },
  {
    name: 'cells beyond the columns are kept',
    markdown: '| a | b |\n|-|-|\n| 1 | 2 | 3 |',
    text: 'a | b\n--|------\n1 | 2 | 3',
    entities: ['pre:a | b\n--|------\n1 | 2 | 3'],
  },
  { name: 'a rule is a dash', markdown: 'a\n\n---\n\nb', text: 'a\n\n———\n\nb' },
  { name: 'HTML is text', markdown: '<b>x</b><br>\n<div>y</div>', text: '<b>x</b><br>\n<div>y</div>' },
  { name: 'character references are read', markdown: '&lt;a&gt; &amp;amp;', text: '<a> &amp;' },
  { name: 'escapes are read', markdown: '\\*a\\* \\# 1\\. b', text: '*a* # 1. b' },
  {
    name: 'LaTeX stays literal',
    markdown: 'If \\(a_1*b*\\) and $x_i*y_i*$:\n\\[\n- a_b_\n= c\n\\]\n$$\n\\frac{a}{b}\n$$',
    text: 'If \\(a_1*b*\\) and $x_i*y_i*$:\n\\[\n- a_b_\n= c\n\\]\n$$\n\\frac{a}{b}\n$$',
  },
  { name: 'prices are no LaTeX', markdown: '$5 *or* $10', text: '$5 or $10', entities: ['italic:or'] },
  {
    name: 'a price opens no formula that a variable closes',
    markdown: 'From $5 *or* more [$x] for $y',
    text: 'From $5 or more [$x] for $y',
    entities: ['italic:or'],
  },
  {
    name: 'a formula that a line begins with ends in it',
    markdown: '\\[x\\] is *here*\n\nand *there*:\n\\[y\\].',
    text: '\\[x\\] is here\n\nand there:\n\\[y\\].',
    entities: ['italic:here', 'italic:there'],
  },
  {
    name: 'a formula in a nested list is indented as a whole',
    markdown: '- a\n  - b\n    $$\n    c\n    $$',
    text: '• a\n    • b\n    $$\n    c\n    $$',
  },
  {
    name: 'an item with a bar over a rule is no table',
    markdown: '- a|\n---\nb',
    text: '• a|\n———\nb',
  },
  {
    name: 'an item that begins on the next line is not set apart',
    markdown: '- a\n-\n  b\n- c',
    text: '• a\n• b\n• c',
  },
  {
    name: 'marks within a bare address belong to it',
    markdown: '_https://a.example/_b_/c*d*e_ **https://b.example/~x~y**',
    text: 'https://a.example/_b_/c*d*e https://b.example/~x~y',
    entities: ['italic:https://a.example/_b_/c*d*e', 'bold:https://b.example/~x~y'],
  },
  {
    name: 'a footnote of one word is no link',
    markdown: 'So[^1].\n\n[^1]: Smith',
    text: 'So[1].\n\n[1]: Smith',
  },
  { name: 'line breaks stay', markdown: 'a\nb  \nc\\\nd', text: 'a\nb\nc\nd' },
  { name: 'many blank lines are one', markdown: 'a\n\n\n\nb', text: 'a\n\nb' },
  { name: 'emoji count two units', markdown: '😀 **b**', text: '😀 b', entities: ['bold:b'] },
  { name: 'half a character is replaced', markdown: 'a\ud83d b', text: 'a\ufffd b' },
  { name: 'control characters vanish', markdown: 'a\u0007\u202eb\r\nc', text: 'ab\nc' },
  { name: 'a mark around blanks only is dropped', markdown: '**&nbsp;** a', text: 'a' },
]

describe('renderMarkdown', () => {
  test.each(samples)('$name', ({ markdown, text, entities = [] }) => {
    expect(read(markdown)).toEqual({ text, entities })
  })

  const pieces = [
    ...[
      '*',
      '**',
      '_',
      '__',
      '~~',
      '||',
      '|',
      '`',
      '``',
      '```',
      '\n```js\n',
      '[',
      '](',
      ')',
      '](https://a.example)',
    ],
    ...[
      '![',
      '>',
      '> ',
      '\n> ',
      '\n- ',
      '\n  - ',
      '\n1. ',
      '\n- [x] ',
      '\n# ',
      '\n---\n',
      '\n\n',
      '\n',
      '  ',
      '\t',
    ],
    ...[
      '|a|b|\n|-|-|\n|',
      '$',
      '$$',
      '\\(',
      '\\)',
      '\\[',
      '\\]',
      '\\',
      '&nbsp;',
      '&#x200b;',
      '<b>',
      '<',
      '👨‍👩‍👧',
      '🇺🇦',
    ],
    ...[
      'e\u0301',
      '漢字',
      '：',
      'word',
      'two words',
      'a.md',
      ':',
      '.',
      '[1]',
      '\n[1]: https://b.example\n',
      '\ud800',
    ],
  ]
  const soup = fc
    .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary', maxLength: 4 })))
    .map((parts) => parts.join(''))

  test('whatever is written, the result is one that Telegram takes', () => {
    fc.assert(
      fc.property(soup, (markdown) => expectSendable(renderMarkdown(markdown))),
      { numRuns: 3_000 },
    )
  })

  const hostile: [string, (size: number) => string][] = [
    ...[
      '*',
      '**a ',
      '_[',
      '[',
      '![',
      '[](',
      '`',
      '||',
      '$',
      '\\(',
      '> ',
      '- ',
      '1. ',
      '#',
      '<',
      '&',
      '~~',
      '\n',
    ].map((piece): [string, (size: number) => string] => [
      `${JSON.stringify(piece)} repeated`,
      (size) => piece.repeat(size / piece.length),
    ]),
    [
      'deep lists',
      (size) =>
        Array.from({ length: size / 200 }, (_, i) => `${' '.repeat(i * 2)}- a`)
          .join('\n')
          .slice(0, size),
    ],
    ['wide tables', (size) => `|${'a|'.repeat(500)}\n|${'-|'.repeat(500)}\n${'a\n'.repeat(size / 4)}`],
    ['long headers', (size) => `|${'x'.repeat(size / 2)}|b|\n|-|-|\n${'a|b\n'.repeat(size / 8)}`],
    ['lazy quotes', (size) => `${'> '.repeat(100)}${'a\n'.repeat(size / 4)}`],
    [
      'backticks of all lengths',
      (size) => Array.from({ length: Math.sqrt(size) }, (_, i) => '`'.repeat(i)).join(' '),
    ],
  ]

  test.each(hostile)('100 KB of %s are rendered to a text of the same order of size', (_, make) => {
    const { text } = renderMarkdown(make(100_000))
    expect(text.length).toBeLessThan(2_500_000)
  })
})
