// Generated Markdown documents: every construct that models write, nested in each other.
import fc from 'fast-check'

/** A document of up to so many blocks; each of its constructs is well-formed. */
export function writtenDocument({ maxBlocks = 3 }: { maxBlocks?: number } = {}): fc.Arbitrary<string> {
  return writtenBlocks({ maxBlocks }).map((blocks) => blocks.join('\n\n'))
}

/** The blocks of a document: what stands between blank lines. */
export function writtenBlocks({ maxBlocks = 3 }: { maxBlocks?: number } = {}): fc.Arbitrary<string[]> {
  return fc
    .array(block(MAX_DEPTH), { minLength: 1, maxLength: maxBlocks })
    .map((blocks) => blocks.map((lines) => lines.join('\n')))
}

/** A row of pieces of Markdown that make sense only by accident. */
export function markdownSoup(): fc.Arbitrary<string> {
  return fc
    .array(fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...PIECES) }, word), { maxLength: 40 })
    .map((pieces) => pieces.join(''))
}

const PIECES = [
  ...['*', '**', '***', '_', '__', '~~', '`', '``', '```', '\n```js\n', '~~~', '[', ']', '](', ')', '!['],
  ...[
    '](https://a.example)',
    '>',
    '\n> ',
    '\n>> ',
    '\n- ',
    '\n  - ',
    '\n1. ',
    '\n   1) ',
    '\n- [x] so',
    '\n# ',
  ],
  ...[
    '\n---\n',
    '\n===\n',
    '\n\n',
    '\n',
    '  ',
    ' ',
    '    ',
    '\t',
    '|',
    '\n|a|b|\n|-|-|\n|',
    '&nbsp;',
    '&amp',
  ],
  ...[
    '<b>',
    '</b>',
    '<',
    '>',
    '<https://a.example>',
    '\\ ',
    '\\*',
    '.',
    ':',
    '!',
    '(',
    '：',
    '漢字',
    '👨‍👩‍👧',
    '[1]',
  ],
]

const MAX_DEPTH = 2

const word = fc.constantFrom(
  ...[
    'ant',
    'Bee',
    'cat',
    'dog',
    'elk',
    'fox',
    'Слово',
    'ещё',
    'שלום',
    'naïve',
    'x1',
    '42',
    'snake_case_name',
  ],
)
const odd = fc.constantFrom(
  ...[
    '2 * 3',
    'a_b',
    '$5',
    'C#',
    '<br>',
    '</details>',
    'a < b > c',
    'AT&T',
    '&amp;',
    '&lt;x&gt;',
    '\\*',
    '\\_',
  ],
  ...[
    '[1]',
    'so[^2]',
    '(a)',
    '👨‍👩‍👧',
    '🇺🇦 ok',
    '1.5',
    '漢字',
    'e\u0301a',
    'https://a.example/x_y?z=1',
    'v \\[x\\]',
  ],
  ...[
    'README.md',
    'src/main.rs',
    '(~5)',
    'a|b',
    '#tag',
    '50%',
    '\\(x_1*y*\\)',
    '$a_i*b*$',
    '1\\. x',
    '`` a`b ``',
  ],
)
const text = fc
  .array(fc.oneof({ weight: 4, arbitrary: word }, odd), { minLength: 1, maxLength: 4 })
  .map((words) => words.join(' '))
const code = fc.constantFrom('x', 'f(a, b)', '**no**', 'a_b_c', '<T>', 'npm i -g x', 'a & b', '[x](y)')
const address = fc.constantFrom(
  ...['https://a.example', 'https://a.example/b_c_(d)?e=f&g=h#i', 'http://b.example/~x', 'tg://user?id=1'],
  ...['docs/a_b.html', '#part', 'mailto:a@b.example'],
)

const MARKS = ['**', '*', '_', '__', '~~', '||', '***']

/** Text within a line. Marks are not nested in the like, which Markdown reads otherwise. */
function inline(depth: number, free = MARKS, canLink = true): fc.Arbitrary<string> {
  if (depth === 0) return text
  const marked = fc.constantFrom(...(free.length > 0 ? free : [''])).chain((mark) => {
    const others = free.filter((each) => each[0] !== mark[0])
    return inline(depth - 1, others, canLink).map((inner) =>
      mark === '' ? inner : `${mark}${inner.trim()}${mark}`,
    )
  })
  const link = fc
    .tuple(inline(depth - 1, free, false), address, fc.constantFrom('', ' "title"'))
    .map(([label, url, title]) => `[${label}](${url}${title})`)
  const image = fc.tuple(word, address).map(([alt, url]) => `![${alt}](${url})`)
  const part = fc.oneof(
    { weight: 4, arbitrary: text },
    { weight: 4, arbitrary: marked },
    { weight: 2, arbitrary: code.map((content) => `\`${content}\``) },
    { weight: canLink ? 2 : 0, arbitrary: link },
    { weight: canLink ? 1 : 0, arbitrary: image },
    { weight: canLink ? 1 : 0, arbitrary: fc.constant('<https://c.example/d_e>') },
  )
  const end = fc.constantFrom('', '', '', ',', '.', ':', '!', '?', '…')
  return fc
    .array(fc.tuple(part, end), { minLength: 1, maxLength: 3 })
    .map((parts) => parts.map(([part, mark]) => part + mark).join(' '))
}

type Lines = fc.Arbitrary<string[]>

function block(depth: number): Lines {
  const leaves: { weight: number; arbitrary: Lines }[] = [
    { weight: 6, arbitrary: paragraph() },
    { weight: 2, arbitrary: heading() },
    { weight: 2, arbitrary: fence() },
    { weight: 2, arbitrary: table() },
    { weight: 1, arbitrary: fc.constantFrom(['---'], ['***'], ['- - -']) },
    { weight: 1, arbitrary: fc.constant(['$$', '\\frac{a_1}{b*c*}', '= x', '$$']) },
    { weight: 1, arbitrary: text.map((line) => [`    ${line.replaceAll('`', '')}`, '', 'So.']) },
    { weight: 1, arbitrary: reference() },
  ]
  if (depth === 0) return fc.oneof(...leaves)
  return fc.oneof(
    ...leaves,
    { weight: 5, arbitrary: list(depth) },
    { weight: 2, arbitrary: blocks(depth - 1).map(quoted) },
  )
}

function blocks(depth: number): Lines {
  return fc
    .tuple(fc.array(block(depth), { minLength: 1, maxLength: 3 }), fc.constantFrom([''], ['']))
    .map(([all, between]) => all.flatMap((lines, index) => (index > 0 ? [...between, ...lines] : lines)))
}

function paragraph(): Lines {
  return fc
    .array(fc.tuple(inline(2), fc.constantFrom('', '', '  ', '\\')), { minLength: 1, maxLength: 3 })
    .map((lines) => lines.map(([line, ending], index) => (index === lines.length - 1 ? line : line + ending)))
}

function heading(): Lines {
  const hashes = fc.integer({ min: 1, max: 6 }).map((level) => '#'.repeat(level))
  const closing = fc.constantFrom('', '', ' #', ' ##')
  return fc.oneof(
    {
      weight: 4,
      arbitrary: fc.tuple(hashes, inline(1), closing).map(([mark, line, end]) => [`${mark} ${line}${end}`]),
    },
    { weight: 1, arbitrary: fc.tuple(inline(1), fc.constantFrom('===', '---')) },
  )
}

function fence(): Lines {
  const line = fc.constantFrom(
    'let x = 1',
    '  return *y*',
    '',
    '# not a heading',
    '- [ ] no',
    '<b>',
    '$5',
    '| a |',
  )
  return fc
    .tuple(
      fc.constantFrom('```', '~~~', '````', '``````'),
      fc.constantFrom('', 'js', 'python', 'c++', 'objective-c', 'sh copy'),
      fc.array(line, { maxLength: 4 }),
    )
    .map(([mark, info, lines]) => [mark + info, ...lines, mark])
}

function table(): Lines {
  const cell = fc.oneof(
    { weight: 4, arbitrary: word },
    { weight: 2, arbitrary: inline(1).map((line) => line.replaceAll('|', '\\|')) },
    { weight: 1, arbitrary: fc.constant('') },
  )
  return fc.integer({ min: 1, max: 4 }).chain((columns) => {
    const row = fc.array(cell, { minLength: columns, maxLength: columns })
    const aligns = fc.array(fc.constantFrom('---', ':--', '--:', ':-:'), {
      minLength: columns,
      maxLength: columns,
    })
    const header = fc.array(word, { minLength: columns, maxLength: columns })
    return fc
      .tuple(header, aligns, fc.array(row, { maxLength: 3 }))
      .map(([head, under, rows]) => [head, under, ...rows].map((cells) => `| ${cells.join(' | ')} |`))
  })
}

function reference(): Lines {
  return fc
    .tuple(word, fc.integer({ min: 11, max: 19 }), fc.boolean(), fc.boolean())
    .map(([label, number, isNamed, isUsed]) => [
      isNamed ? `See [${label} there][ref${number}] or [ref${number}].` : `It is so [${number}].`,
      '',
      `[${isNamed ? `ref${number}` : isUsed ? number : `unused ${number}`}]: https://d.example/${number}`,
    ])
}

function list(depth: number): Lines {
  const item = fc.tuple(
    fc.constantFrom('', '', '', '[ ] ', '[x] '),
    paragraph(),
    fc.oneof(
      { weight: 3, arbitrary: fc.constant<string[]>([]) },
      { weight: 2, arbitrary: blocks(depth - 1) },
    ),
    fc.boolean(),
  )
  // Only a list that begins with 1 may follow a paragraph without a blank line.
  const marker = fc.constantFrom('-', '*', '+', '1.', ...(depth === MAX_DEPTH ? ['3.', '10)'] : ['1)']))
  return fc
    .tuple(marker, fc.array(item, { minLength: 1, maxLength: 3 }), fc.boolean())
    .map(([mark, items, isLoose]) =>
      items.flatMap(([task, first, more, isApart], index) => {
        const number = Number.parseInt(mark, 10)
        const bullet = Number.isNaN(number) ? mark : `${number + index}${mark.at(-1)}`
        const [head = '', ...rest] = first
        const indent = ' '.repeat(bullet.length + 1)
        const below = [...rest, ...(more.length > 0 && isApart ? [''] : []), ...more]
        const lines = [`${bullet} ${task}${head}`, ...below.map((line) => (line === '' ? '' : indent + line))]
        return isLoose && index > 0 ? ['', ...lines] : lines
      }),
    )
}

function quoted(lines: string[]): string[] {
  return lines.map((line) => (line === '' ? '>' : `> ${line}`))
}
