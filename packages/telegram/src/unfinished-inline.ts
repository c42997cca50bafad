// Watches what the last line of an unfinished text leaves open, and closes it as far as it is not held back.
import type MarkdownIt from 'markdown-it'
import type { MarkdownParser, Token } from './markdown-grammar.ts'
import { MAX_HELD_UNITS, mayBecomeLink } from './unfinished-links.ts'

type InlineState = InstanceType<typeof MarkdownIt.StateInline>
type InlineRule = (state: InlineState, silent: boolean) => boolean
type Delimiter = InlineState['delimiters'][number]

/** What is known of the inline text that a document ends in: `tail` in the environment that it is parsed in. */
export interface Tail {
  /** Whether what may still get another meaning is to be found; otherwise all that is open is closed. */
  holdsBack: boolean
  /** The inline token, if it can go on. */
  inline?: Token | undefined
  /** Whether it ends where the document ends, with no blank: what follows may join its last character. */
  isWordEnd?: boolean
  /** Where in its content begins what is to be held back. */
  heldFrom?: number
}

const MATH = [
  { opening: '$$', closing: '$$' },
  { opening: '\\[', closing: '\\]' },
  { opening: '\\(', closing: '\\)' },
]
const MAX_MATH_UNITS = 1_000
const MAX_LINK_UNITS = 2_000
// What would show otherwise in a formula than in Markdown.
const NOT_IN_MATH = /[*_~`[<&|]|\\(?![A-Za-z])/
// A dollar that a word may follow closes no formula that begins as a price does.
const PRICE = /^\$\d[^$]*\$$/
const TAG = /^<(?:[a-zA-Z/!?][^<>\n]*)?$/
const REFERENCE = /^&#?[a-zA-Z0-9]{0,31}$/
const HALF_MARK = /[~|]+$/
const HALF_IMAGE = /(?:^|\s)!$/
const ASTERISK = 0x2a
const UNDERSCORE = 0x5f

const positions = new WeakMap<Delimiter, number>()

/** Makes a parser close what a text leaves open, or say what of it is to be held back: see {@link Tail}. */
export function watchOpen(md: MarkdownParser): void {
  wrap(md, 'backticks', readOpenCode)
  for (const name of ['emphasis', 'strikethrough', 'spoiler']) wrap(md, name, notePositions)
  wrap(md, 'link', watchLabel(''))
  wrap(md, 'image', watchLabel('!'))
  wrap(md, 'autolink', watching(TAG))
  wrap(md, 'entity', watching(REFERENCE))
  wrap(md, 'escape', readHalfEscape)
  wrap(md, 'math_inline', readOpenMath)
  md.inline.ruler2.after('balance_pairs', 'close_open', closeOpen)
}

function wrap(
  md: MarkdownParser,
  name: string,
  wrapper: (state: InlineState, silent: boolean, rule: InlineRule) => boolean,
): void {
  const rule = md.inline.ruler.__rules__.find((each) => each.name === name)
  if (!rule) return
  const { fn } = rule
  md.inline.ruler.at(name, (state, silent) => wrapper(state, silent, fn))
}

/** The tail, if the state reads it, and reads it outside of labels. */
function tailOf(state: InlineState): Tail | undefined {
  const tail = state.env.tail as Tail | undefined
  const isTail = tail?.inline?.children === state.tokens && state.posMax === state.src.length
  return isTail ? tail : undefined
}

function hold(tail: Tail, position: number): void {
  tail.heldFrom = Math.min(tail.heldFrom ?? position, position)
}

function isNear({ src }: InlineState, position: number): boolean {
  return src.length - position <= MAX_HELD_UNITS
}

/** Holds back from where a rule found nothing, if what follows may still become something. */
function watching(half: RegExp) {
  return (state: InlineState, silent: boolean, rule: InlineRule): boolean => {
    if (rule(state, silent)) return true
    const tail = silent ? undefined : tailOf(state)
    const { src, pos } = state
    if (tail?.holdsBack && isNear(state, pos) && half.test(src.slice(pos))) hold(tail, pos)
    return false
  }
}

/** A backslash at the end may escape what comes, or break the line: it never shows. */
function readHalfEscape(state: InlineState, silent: boolean, rule: InlineRule): boolean {
  if (rule(state, silent)) return true
  const { src, pos } = state
  const tail = silent ? undefined : tailOf(state)
  if (!tail || src[pos] !== '\\' || pos + 1 < src.length) return false
  if (tail.holdsBack) hold(tail, pos)
  else state.pos++
  return !tail.holdsBack
}

function readOpenCode(state: InlineState, silent: boolean, rule: InlineRule): boolean {
  const { pos, pending, src } = state
  if (!rule(state, silent)) return false
  const tail = silent ? undefined : tailOf(state)
  if (!tail || !/^`+$/.test(src.slice(pos, state.pos))) return true
  if (tail.holdsBack && isNear(state, pos)) hold(tail, pos)
  else {
    const content = src.slice(state.pos).replace(/`+$/, '').replaceAll('\n', ' ')
    state.pending = pending
    if (content !== '') state.push('code_inline', 'code', 0).content = content
    state.pos = state.posMax
  }
  return true
}

function watchLabel(prefix: '' | '!') {
  return (state: InlineState, silent: boolean, rule: InlineRule): boolean => {
    const { pos, src } = state
    if (rule(state, silent)) return true
    const tail = silent ? undefined : tailOf(state)
    if (!tail?.holdsBack || tail.heldFrom !== undefined || !src.startsWith(`${prefix}[`, pos)) return false
    const from = pos + prefix.length
    if (src.length - from > MAX_LINK_UNITS) return false
    const labelEnd = state.md.helpers.parseLinkLabel(state, from, prefix === '')
    if (mayBecomeLink(src, { from, labelEnd })) hold(tail, pos)
    return false
  }
}

function readOpenMath(state: InlineState, silent: boolean, rule: InlineRule): boolean {
  const { src, pos } = state
  const tail = tailOf(state)
  if (tail?.isWordEnd && src[pos] === '$' && PRICE.test(src.slice(pos))) return false
  if (rule(state, silent)) return true
  if (!tail || (src[pos] !== '$' && src[pos] !== '\\')) return false
  const pair = MATH.find(({ opening }) => src.startsWith(opening, pos))
  if (!pair) {
    if (src[pos] === '$' && tail.holdsBack && !silent) watchDollar(state, tail)
    return false
  }
  if (src.length - pos > MAX_MATH_UNITS || src.includes(pair.closing, pos + 2)) return false
  if (tail.holdsBack && src[pos] === '\\' && src.length === pos + 2) {
    if (!silent) hold(tail, pos)
    return false
  }
  if (!silent) state.push('math_inline', '', 0).content = src.slice(pos)
  state.pos = src.length
  return true
}

/** A dollar shows in any case; what follows it may be a formula or not. */
function watchDollar(state: InlineState, tail: Tail): void {
  const body = state.src.slice(state.pos + 1)
  if (!isNear(state, state.pos) || /[$\n]/.test(body) || /^[\s\d]/.test(body)) return
  const special = NOT_IN_MATH.exec(body)
  if (special) hold(tail, state.pos + 1 + special.index)
}

function notePositions(state: InlineState, silent: boolean, rule: InlineRule): boolean {
  const { pos } = state
  const known = state.delimiters.length
  if (!rule(state, silent)) return false
  if (silent || !tailOf(state)) return true
  let position = state.pos
  for (const delimiter of state.delimiters.slice(known).reverse()) {
    position -= state.tokens[delimiter.token]?.content.length ?? 0
    positions.set(delimiter, Math.max(pos, position))
  }
  return true
}

/** Holds marks back that nothing closes, or closes them at the end where they have been open for long. */
function closeOpen(state: InlineState): void {
  const tail = tailOf(state)
  if (!tail) return
  if (tail.isWordEnd) reopenNames(state)
  holdHalfMarks(state, tail)
  const holdOpener = (opener: Delimiter): void => {
    const position = positions.get(opener) ?? 0
    if (tail.holdsBack && isNear(state, position) && !hasClosedOnce(state.src.slice(position), opener)) {
      hold(tail, position)
    }
  }
  for (const opener of openersIn(state.delimiters).reverse()) {
    holdOpener(opener)
    close(state, opener)
  }
  const { delimiters } = state
  for (let from = delimiters.length - 1; from >= 0; from--) {
    const opener = delimiters[from]
    const closer = delimiters[opener?.end ?? -1]
    if (!opener || !closer || tail.heldFrom === undefined) continue
    // What closes within what is held back may not close at all.
    if ((positions.get(closer) ?? 0) < tail.heldFrom) continue
    for (const inner of openersIn(delimiters, { from: from + 1, to: opener.end })) holdOpener(inner)
    holdOpener(opener)
  }
}

/** An underscore at the very end may be one within a name: then it closes nothing, and what opened before it is open. */
function reopenNames({ delimiters, tokens }: InlineState): void {
  for (let from = delimiters.length - 1; from >= 0; from--) {
    const opener = delimiters[from]
    const closer = delimiters[opener?.end ?? -1]
    if (opener?.marker !== UNDERSCORE || !closer) continue
    const isLast = closer.token >= tokens.length - (closer.length ?? 0)
    if (isLast && openersIn(delimiters, { from: from + 1, to: opener.end }).length > 0) opener.end = -1
  }
}

/** Whether a mark that closed nothing in the end once was the last thing written: it has been shown as closing. */
function hasClosedOnce(text: string, { marker, length }: Delimiter): boolean {
  if (marker !== ASTERISK && marker !== UNDERSCORE) return false
  const mark = `\\${String.fromCharCode(marker)}`
  return new RegExp(`[^\\s${mark}]${mark}{${length},}(?!${mark}|$)`).test(text.slice(length))
}

/** What is open in a stretch: neither closed itself nor within something that is. */
function openersIn(delimiters: Delimiter[], { from = 0, to = delimiters.length } = {}): Delimiter[] {
  const openers: Delimiter[] = []
  for (let index = from; index < to; index++) {
    const delimiter = delimiters[index]
    if (!delimiter) continue
    if (delimiter.end > index) index = delimiter.end
    else if (delimiter.open && delimiter.end === -1) openers.push(delimiter)
  }
  return openers
}

function close(state: InlineState, opener: Delimiter): void {
  state.push('text', '', 0).content = state.tokens[opener.token]?.content ?? ''
  opener.end = state.delimiters.length
  state.delimiters.push({ ...opener, token: state.tokens.length - 1, end: -1, open: false, close: true })
}

/** Holds back, or drops, marks at the very end of the text that may still open, close or grow. */
function holdHalfMarks(state: InlineState, tail: Tail): void {
  if (!tail.isWordEnd) return
  const closers = new Set(state.delimiters.map(({ end }) => end))
  const free = new Map<number, Delimiter>()
  for (const [index, delimiter] of state.delimiters.entries()) {
    if (delimiter.end === -1 && !closers.has(index)) free.set(delimiter.token, delimiter)
  }
  let last = state.tokens.length - 1
  for (; free.has(last); last--) {
    const delimiter = free.get(last)
    const token = state.tokens[last]
    if (tail.holdsBack && delimiter) hold(tail, positions.get(delimiter) ?? 0)
    else if (token) token.content = ''
  }
  if (!tail.holdsBack || state.delimiters.some(({ token }) => token === state.tokens.length - 1)) return
  const half = HALF_MARK.exec(endOf(state.tokens[last]))
  if (half) hold(tail, state.src.length - half[0].length)
  if (HALF_IMAGE.test(state.src)) hold(tail, state.src.length - 1)
}

function endOf(token: Token | undefined): string {
  return token?.type === 'text' ? token.content : ''
}
