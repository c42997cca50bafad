// LaTeX is shown as it is written: Telegram can't typeset it, and Markdown would eat its `\(`, `_` and `*`.
import type MarkdownIt from 'markdown-it'

type InlineState = InstanceType<typeof MarkdownIt.StateInline>
type BlockState = InstanceType<typeof MarkdownIt.StateBlock>

// Bounds of the search for an end keep the time linear when thousands of formulas are opened and none is closed.
const MAX_LINES = 100
const MAX_UNITS = 1_000

const DOLLAR = 0x24
const BACKSLASH = 0x5c

const BLOCKS = [
  { opening: '$$', closing: '$$' },
  { opening: '\\[', closing: '\\]' },
]
const INLINES = [...BLOCKS, { opening: '\\(', closing: '\\)' }]

/** Keeps `$…$`, `$$…$$`, `\(…\)` and `\[…\]` literally, as tokens `math_block` and `math_inline`. */
export function keepMath(md: InstanceType<typeof MarkdownIt>): void {
  md.inline.ruler.before('escape', 'math_inline', readInline)
  const alt = ['paragraph', 'reference', 'blockquote', 'list']
  md.block.ruler.before('fence', 'math_block', readBlock, { alt })
}

function readInline(state: InlineState, silent: boolean): boolean {
  const first = state.src[state.pos]
  if (first !== '$' && first !== '\\') return false
  const end = endOfInline(state)
  if (end === undefined || end > state.posMax) return false
  if (!silent) state.push('math_inline', '', 0).content = state.src.slice(state.pos, end)
  state.pos = end
  return true
}

function endOfInline({ src, pos }: InlineState): number | undefined {
  const pair = INLINES.find(({ opening }) => src.startsWith(opening, pos))
  if (!pair) return src[pos] === '$' ? endOfDollars(src, pos) : undefined
  const body = src.slice(pos + pair.opening.length, pos + MAX_UNITS)
  const length = body.indexOf(pair.closing)
  return length > 0 ? pos + pair.opening.length + length + pair.closing.length : undefined
}

/** Like Pandoc's rule: one line, no space within the dollars and no word after them, so that prices stay prices. */
function endOfDollars(src: string, pos: number): number | undefined {
  const body = src.slice(pos + 1, pos + MAX_UNITS)
  const length = body.indexOf('$')
  if (length < 1 || /^\s|\n|\s$|\\$/.test(body.slice(0, length))) return undefined
  return /^[\p{L}\d]/u.test(body.slice(length + 1, length + 3)) ? undefined : pos + length + 2
}

function readBlock(state: BlockState, startLine: number, endLine: number, silent: boolean): boolean {
  const first = state.src.charCodeAt((state.bMarks[startLine] ?? 0) + (state.tShift[startLine] ?? 0))
  if (first !== DOLLAR && first !== BACKSLASH) return false
  const indent = (state.sCount[startLine] ?? 0) - state.blkIndent
  if (indent >= 4) return false
  const pair = BLOCKS.find(({ opening }) => lineText(state, startLine).startsWith(opening))
  if (!pair) return false
  const after = lastLineOfBlock({ state, startLine, endLine, closing: pair.closing })
  if (after === undefined) return false
  if (silent) return true
  const token = state.push('math_block', '', 0)
  token.map = [startLine, after]
  token.content = state.getLines(startLine, after, state.blkIndent, false)
  state.line = after
  return true
}

function lastLineOfBlock(block: {
  state: BlockState
  startLine: number
  endLine: number
  closing: string
}): number | undefined {
  const { state, startLine, closing } = block
  const lastLine = Math.min(block.endLine, startLine + MAX_LINES)
  for (let line = startLine; line < lastLine; line++) {
    if (line > startLine && !state.isEmpty(line) && (state.sCount[line] ?? 0) < state.blkIndent)
      return undefined
    const text = lineText(state, line).trimEnd()
    const end = text.indexOf(closing, line > startLine ? 0 : closing.length)
    // A formula that text follows stands within a line; a full stop is none.
    if (end >= 0) return text.length - end - closing.length <= 1 ? line + 1 : undefined
  }
  // Of a text that is still being written the end is to come.
  return state.env.isUnfinished === true && lastLine === block.endLine ? lastLine : undefined
}

function lineText(state: BlockState, line: number): string {
  return state.src.slice((state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0), state.eMarks[line])
}
