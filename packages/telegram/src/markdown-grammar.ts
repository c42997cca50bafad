// Markdown as language models write it: CommonMark with tables, strikethrough, spoilers, tasks and literal LaTeX.
import MarkdownIt from 'markdown-it'
import { keepAddresses } from './markdown-addresses.ts'
import { keepCells } from './markdown-cells.ts'
import { keepCitations } from './markdown-citations.ts'
import { keepDefinitions } from './markdown-definitions.ts'
import { forgiveEmphasis } from './markdown-emphasis.ts'
import { keepMath } from './markdown-math.ts'
import { readSpoilers } from './markdown-spoilers.ts'
import { readTasks } from './markdown-tasks.ts'
import { leanTokens } from './markdown-tokens.ts'

/** One element of the flat token stream that markdown-it produces. */
export type Token = InstanceType<typeof MarkdownIt.Token>

/** What parses a document; its rules may be added to. */
export type MarkdownParser = InstanceType<typeof MarkdownIt>

// A list takes two levels, a quote one. Deeper ones are shown as the text they are written in: nobody can read them
// in a chat, and each level would cost another pass over its lines.
const MAX_LEVEL = 24

/** A parser of the grammar; unclosed fences are closed, HTML is text, nothing is linked by itself. */
export function createMarkdownParser(): MarkdownParser {
  return new MarkdownIt({ html: false, linkify: false, typographer: false })
    .disable(['html_block', 'html_inline', 'linkify', 'replacements', 'smartquotes'])
    .use(leanTokens)
    .use(forgiveEmphasis)
    .use(readSpoilers)
    .use(keepMath)
    .use(keepAddresses)
    .use(keepCitations)
    .use(keepDefinitions)
    .use(keepCells)
    .use(readTasks)
    .use(limitDepth)
}

const parser = createMarkdownParser()

/** Parses Markdown into block tokens. */
export function parseMarkdown(markdown: string): Token[] {
  return parser.parse(markdown, {})
}

function limitDepth(md: MarkdownParser): void {
  for (const { name, fn, alt } of md.block.ruler.__rules__) {
    if (name !== 'blockquote' && name !== 'list') continue
    md.block.ruler.at(name, (state, ...rest) => state.level < MAX_LEVEL && fn(state, ...rest), { alt })
  }
}
