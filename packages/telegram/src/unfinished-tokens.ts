// Reads an unfinished text as what of it can be shown: without the last marks whose meaning is open.
import { createMarkdownParser, type Token } from './markdown-grammar.ts'
import { parseInline } from './markdown-tokens.ts'
import { watchOpen } from './unfinished-inline.ts'
import { lastLineStart, withoutLoneMarks, withoutOpenLines } from './unfinished-lines.ts'
import { type Tail, withoutEnd } from './unfinished-tail.ts'

/** What of a text can be shown. */
export interface ShownMarkdown {
  /** Its beginning, as far as it is shown. */
  markdown: string
  tokens: Token[]
}

/** Parses a clean text as far as its meaning is certain; marks that have been open for long are closed at the end. */
export function parseUnfinished(text: string): ShownMarkdown {
  const whole = parse(text, { holdsBack: true })
  const lines = withoutOpenLines(text, leafOf(whole.tokens))
  const { tokens, tail } = lines === text ? whole : parse(lines, { holdsBack: true })
  const { inline, heldFrom } = tail
  if (heldFrom === undefined || !inline) return { markdown: lines, tokens }
  const markdown = withoutLoneMarks(lines.slice(0, positionIn(lines, { inline, position: heldFrom })))
  // Where all of a block is held back, the one before it has nothing open: it has ended.
  const isBlockLeft = inline.content.slice(0, heldFrom).trim() !== ''
  return {
    markdown,
    tokens: isBlockLeft ? parse(markdown, { holdsBack: false }).tokens : parseEnded(markdown),
  }
}

const parser = createMarkdownParser().use(watchOpen)
parser.core.ruler.at('inline', ({ tokens, env, md, src }) => {
  const tail = env.tail as Tail | undefined
  const last = tail && openInline(tokens, src)
  if (tail) tail.isWordEnd = src.endsWith(lastLineOf(last?.content ?? ' '))
  for (const token of tokens) {
    if (token.type !== 'inline') continue
    if (tail) tail.inline = token === last ? token : undefined
    parseInline(md, token, env)
  }
})

function parse(text: string, { holdsBack }: { holdsBack: boolean }): { tokens: Token[]; tail: Tail } {
  const tail: Tail = { holdsBack }
  return { tokens: parser.parse(text, { isUnfinished: true, tail }), tail }
}

function parseEnded(text: string): Token[] {
  return parser.parse(text, { isUnfinished: true })
}

/** The innermost block that a document ends in: of code the code, of a list the last paragraph of its last item. */
function leafOf(tokens: Token[]): Token | undefined {
  let index = tokens.length - 1
  while (index >= 0 && tokens[index]?.nesting === -1 && tokens[index]?.type !== 'table_close') index--
  const last = tokens[index]
  if (last?.type === 'inline') return tokens[index - 1]
  if (last?.type !== 'table_close') return last
  return tokens.findLast(({ type }) => type === 'table_open')
}

/** The inline token at the end of a document, if what is written next may join it. */
function openInline(tokens: Token[], text: string): Token | undefined {
  const leaf = leafOf(tokens)
  if (!leaf?.map || (leaf.type !== 'paragraph_open' && leaf.type !== 'heading_open')) return undefined
  const lines = text.split('\n').length
  const isOpen = leaf.type === 'heading_open' ? leaf.map[1] >= lines : leaf.map[1] >= lines - 1
  return isOpen ? tokens.findLast(({ type }) => type === 'inline') : undefined
}

/** Where in a document a position of the content of its last inline token lies. */
function positionIn(text: string, { inline, position }: { inline: Token; position: number }): number {
  const { content, map } = inline
  const [rest = '', ...below] = content.slice(position).split('\n')
  const lines = text.split('\n')
  const line = (map?.[1] ?? lines.length) - below.length - 1
  const start = lines.slice(0, line).reduce((sum, { length }) => sum + length + 1, 0)
  const written = lines[line] ?? ''
  if (below.length > 0) return start + written.length - rest.length
  // A content ends where its last line ends, but for blanks, and for the marks that may close a heading.
  const trimmed = withoutEnd(written, ' \t')
  const isClosed = !trimmed.endsWith(lastLineOf(content))
  const end = isClosed ? withoutEnd(withoutEnd(trimmed, '#'), ' \t') : trimmed
  return start + Math.max(0, end.length - rest.length)
}

function lastLineOf(text: string): string {
  return text.slice(lastLineStart(text))
}
