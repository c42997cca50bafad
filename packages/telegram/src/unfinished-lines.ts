// The last lines of an unfinished text: which of them don't say yet what they are.
import type { Token } from './markdown-grammar.ts'

const CONTAINERS = /^(?:[ \t]*(?:>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t])))*[ \t]*/

// Marks of items, headings, rules, underlines and tasks; digits may number an item.
const MARKS = /^(?:[-*_=+ \t]*|#{1,6}[ \t]*|\d{1,9}[.)]?|\[[ xX]?\]?[ \t]*)$/
const DEFINITION = /^\[(?!\^)[^\]\n]{1,200}\]:[ \t]*\S*(?:[ \t]+["'(][^\n]{0,200})?$/
const ROW = /^\|(?!\|)/
const UNDERLINE = /^[-|: \t]*$/
const BAR = /(?<!\\)\|/
const FENCE = /^[ \t>]*(?:`+|~+)[ \t]*$/

/** Where the last line begins. */
export function lastLineStart(text: string): number {
  return text.lastIndexOf('\n') + 1
}

/** The text without a last line that holds nothing but the marks of a list, a heading, a quote or a task. */
export function withoutLoneMarks(text: string): string {
  const start = lastLineStart(text)
  const line = text.slice(start)
  return line.trim() !== '' && MARKS.test(line.replace(CONTAINERS, '')) ? text.slice(0, start) : text
}

/** The text without last lines whose meaning is open. `leaf` is the block that the text ends in. */
export function withoutOpenLines(text: string, leaf: Token | undefined): string {
  const start = lastLineStart(text)
  const line = text.slice(start)
  if (leaf?.type === 'fence') return isHalfFence(leaf, { text, line }) ? text.slice(0, start) : text
  if (leaf?.type === 'table_open') return text.slice(0, rowStart(leaf, text))
  if (leaf?.type === 'math_block') return text
  if (leaf?.type === 'heading_open') return withoutLoneMarks(text)
  const rest = line.replace(CONTAINERS, '')
  if (leaf?.type === 'paragraph_open' && UNDERLINE.test(rest) && start > 0) {
    // A line with bars is a table's header if the next is a line of dashes.
    const previous = lastLineStart(text.slice(0, start - 1))
    if (leaf.map && lineOf(text, start) <= leaf.map[1] && isRow(text.slice(previous, start - 1))) {
      return text.slice(0, previous)
    }
  }
  if (isRow(line) || DEFINITION.test(rest)) return text.slice(0, start)
  if (rest.includes('|') && UNDERLINE.test(rest)) return text.slice(0, start)
  return withoutLoneMarks(text)
}

function isRow(line: string): boolean {
  return ROW.test(line.replace(CONTAINERS, ''))
}

/** Whether the last line opens a fence and isn't complete, or may be about to close one. */
function isHalfFence(fence: Token, { text, line }: { text: string; line: string }): boolean {
  if (line === '' || !fence.map) return false
  const [first, end] = fence.map
  if (first === lineOf(text, text.length)) return true
  return isOpenFence(fence, end - first) && FENCE.test(line) && line.includes(fence.markup.charAt(0))
}

/** Whether a fence of so many lines, its own included, has no closing line. */
function isOpenFence({ content }: Token, lines: number): boolean {
  const complete = content.endsWith('\n') ? content.slice(0, -1) : content
  return lines - 1 === (content === '' ? 0 : complete.split('\n').length)
}

/** Where the row begins that is being written, or the table if it has no rows yet. */
function rowStart(table: Token, text: string): number {
  const start = lastLineStart(text)
  if (start === text.length || !table.map) return text.length
  const line = lineOf(text, start)
  const header = text.split('\n')[table.map[0]] ?? ''
  if (line >= table.map[1] || isWholeRow(text.slice(start), header)) return text.length
  return line === table.map[0] + 1 ? lastLineStart(text.slice(0, start - 1)) : start
}

/** Whether a row ends in a bar, and has as many as the header. */
function isWholeRow(row: string, header: string): boolean {
  return /(?<!\\)\|[ \t]*$/.test(row) && row.split(BAR).length >= header.split(BAR).length
}

function lineOf(text: string, position: number): number {
  return text.slice(0, position).split('\n').length - 1
}
