// Where tables are read otherwise than the parser does: what begins another block is no header, and cells beyond the
// columns, which Markdown drops, are kept: models write `a | b` in a cell and forget to escape it.
import type MarkdownIt from 'markdown-it'

type BlockState = InstanceType<typeof MarkdownIt.StateBlock>

const FIRST = new Set(['fence', 'blockquote', 'hr', 'list', 'heading'])

/** Appends what a row holds beyond the header's columns to the row's last cell; `- a | b` begins no table. */
export function keepCells(md: InstanceType<typeof MarkdownIt>): void {
  const rule = md.block.ruler.__rules__.find(({ name }) => name === 'table')
  if (!rule) return
  const { fn, alt } = rule
  const readTable: typeof fn = (state, startLine, endLine, silent) => {
    const first = state.tokens.length
    if (!fn(state, startLine, endLine, true)) return false
    for (const { name, fn: begins } of md.block.ruler.__rules__) {
      if (FIRST.has(name) && begins(state, startLine, endLine, true)) return false
    }
    if (!fn(state, startLine, endLine, silent)) return false
    if (!silent) readExtras(state, { startLine, first })
    return true
  }
  md.block.ruler.at('table', readTable, { alt })
}

function readExtras(state: BlockState, { startLine, first }: { startLine: number; first: number }): void {
  // The header and its underline are as wide as the table, or there would be none.
  let line = startLine - 1
  let last: BlockState['tokens'][number] | undefined
  let columns = 0
  for (let index = first; index < state.tokens.length; index++) {
    const token = state.tokens[index]
    if (token?.type === 'tr_open') {
      line += line === startLine ? 2 : 1
      columns = 0
    } else if (token?.type === 'inline') {
      last = token
      columns++
    } else if (token?.type === 'tr_close' && last && line > startLine) {
      const extras = cellsOf(state, line).slice(columns)
      if (extras.length > 0) last.content = [last.content, ...extras].join(' | ')
    }
  }
}

function cellsOf({ src, bMarks, tShift, eMarks }: BlockState, line: number): string[] {
  const text = src.slice((bMarks[line] ?? 0) + (tShift[line] ?? 0), eMarks[line]).trim()
  const cells = text.replace(/^\|/, '').split(/(?<!\\)\|/)
  if (cells.at(-1)?.trim() === '') cells.pop()
  return cells.map((cell) => cell.trim().replaceAll('\\|', '|'))
}
