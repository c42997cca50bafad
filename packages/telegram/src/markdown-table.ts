// Renders a table: in aligned columns where a phone can show them, else one line for each cell.
import { displayWidth } from './display-width.ts'
import type { Token } from './markdown-grammar.ts'
import { renderInline } from './markdown-inline.ts'
import { TextBuilder } from './text-builder.ts'

const MAX_COLUMNS = 40
// A header is repeated for each cell: a long one is written once in full and repeated shortened, or the text could
// grow with the product of its length and the number of rows.
const MAX_LABEL_UNITS = 64
const SEPARATOR = ' | '

type Align = 'left' | 'center' | 'right'

interface Cell {
  children: Token[]
  text: string
  width: number
  align: Align
}

/** Renders the tokens from a `table_open` to its `table_close`. */
export function renderTable(builder: TextBuilder, tokens: Token[]): void {
  const rows = readRows(tokens)
  const widths = columnWidths(rows)
  const total = widths.reduce((sum, width) => sum + width, SEPARATOR.length * (widths.length - 1))
  const hasLinks = rows.some((row) => row.some((cell) => cell.children.some(isLink)))
  if (total <= MAX_COLUMNS && !hasLinks) builder.pre(alignRows(rows, widths), undefined)
  else writeRecords(builder, rows)
}

function isLink({ type }: Token): boolean {
  return type === 'link_open' || type === 'image'
}

function readRows(tokens: Token[]): Cell[][] {
  const rows: Cell[][] = []
  let align: Align = 'left'
  for (const token of tokens) {
    if (token.type === 'tr_open') rows.push([])
    else if (token.type === 'th_open' || token.type === 'td_open') align = alignOf(token)
    else if (token.type === 'inline') rows.at(-1)?.push(readCell(token.children ?? [], align))
  }
  return rows
}

function alignOf(token: Token): Align {
  const style = String(token.attrGet('style') ?? '')
  if (style.endsWith('right')) return 'right'
  return style.endsWith('center') ? 'center' : 'left'
}

function readCell(children: Token[], align: Align): Cell {
  if (children.length === 0) return { children, text: '', width: 0, align }
  const builder = new TextBuilder()
  renderInline(builder, children)
  const text = builder.build().text.replaceAll('\n', ' ')
  return { children, text, width: displayWidth(text), align }
}

function columnWidths(rows: Cell[][]): number[] {
  const widths: number[] = []
  for (const row of rows) {
    for (const [column, { width }] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, width)
  }
  return widths
}

function alignRows(rows: Cell[][], widths: number[]): string {
  const [header, ...body] = rows.map((row) =>
    row
      .map((cell, column) => pad(cell, (widths[column] ?? 0) - cell.width))
      .join(SEPARATOR)
      .trimEnd(),
  )
  return [header, widths.map((width) => '-'.repeat(width)).join('-|-'), ...body].join('\n')
}

function pad({ text, align }: Cell, missing: number): string {
  const before = align === 'left' ? 0 : align === 'right' ? missing : Math.floor(missing / 2)
  return ' '.repeat(before) + text + ' '.repeat(missing - before)
}

function writeRecords(builder: TextBuilder, [header = [], ...body]: Cell[][]): void {
  const blocks: (() => void)[] = []
  if (body.length === 0 || header.some(({ text }) => text.length > MAX_LABEL_UNITS)) {
    blocks.push(() =>
      writeLines(builder, header.filter(isShown), (cell) => renderInline(builder, cell.children)),
    )
  }
  for (const row of body) {
    const cells = row.map((cell, column) => ({ ...cell, label: shorten(header[column]?.text ?? '') }))
    if (!cells.some(isShown)) continue
    blocks.push(() =>
      writeLines(builder, cells.filter(isShown), ({ label, children }) => {
        builder.append(label === '' ? '' : `${label}: `)
        renderInline(builder, children)
      }),
    )
  }
  for (const [index, write] of blocks.entries()) {
    if (index > 0) builder.append('\n\n')
    write()
  }
}

function writeLines<T>(builder: TextBuilder, lines: T[], write: (line: T) => void): void {
  for (const [index, line] of lines.entries()) {
    if (index > 0) builder.append('\n')
    write(line)
  }
}

function isShown({ text }: Cell): boolean {
  return text !== ''
}

function shorten(label: string): string {
  const kept = label.slice(0, MAX_LABEL_UNITS - 1).replace(/[\ud800-\udbff]$/, '')
  return label.length > MAX_LABEL_UNITS ? `${kept}…` : label
}
