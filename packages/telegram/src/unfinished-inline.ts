// Watches what the last line of an unfinished text leaves open, and closes it as far as it is not held back.
import type MarkdownIt from 'markdown-it'
import type { MarkdownParser, Token } from './markdown-grammar.ts'
import { MAX_HELD_UNITS, mayBecomeLink } from './unfinished-links.ts'

type InlineState = InstanceType<typeof MarkdownIt.StateInline>
type InlineRule = (state: InlineState, silent: boolean) => boolean
type Delimiter = InlineState['delimiters'][number]

/** What is known of the inline text that a document ends in; the environment that an unfinished text is parsed in. */
export interface Tail {
  /** Whether what may still get another meaning is to be found; otherwise all that is open is closed. */
  holdsBack: boolean
  /** Whether the text's last character is not blank: what follows it may join it. */
  isWordEnd: boolean
  /** The inline token, if it can go on. */
  inline?: Token | undefined
  /** Where in its content begins what is to be held back. */
  heldFrom?: number
}

interface Environment {
  tail?: Tail
}

const MATH = [
  { opening: '$$', closing: '$$' },
  { opening: '\\[', closing: '\\]' },
  { opening: '\\(', closing: '\\)' },
]
const MAX_MATH_UNITS = 1_000
// What would show otherwise in a formula than in Markdown.
const NOT_IN_MATH = /[*_~`[<&|]|\\(?![A-Za-z])/
const TAG = /^<(?:[a-zA-Z/!?][^<>\n]*)?$/
const REFERENCE = /^&#?[a-zA-Z0-9]{0,31}$/
const HALF_MARK = /(?:[~|]+|(?<!\S)!)$/
// Where a mark once was the last thing written, it closed and has been shown so.
const CLOSED_ONCE: Record<number, RegExp> = { 42: /[^\s*]\*+(?=[^*])/, 95: /[^\s_]_+(?=[^_])/ }

const positions = new WeakMap<Delimiter, number>()

/** Makes a parser close what a text leaves open, or say what of it is to be held back: see {@link Tail}. */
export function watchOpen(md: MarkdownParser): void {
  wrap(md, 'backticks', readOpenCode)
  for (const name of ['emphasis', 'strikethrough', 'spoiler']) wrap(md, name, notePositions)
  for (const name of ['link', 'image']) wrap(md, name, watchLink)
  wrap(
    md,
    'autolink',
    watching(({ src, pos }) => TAG.test(src.slice(pos, pos + MAX_HELD_UNITS))),
  )
  wrap(
    md,
    'entity',
    watching(({ src, pos }) => REFERENCE.test(src.slice(pos, pos + MAX_HELD_UNITS))),
  )
  wrap(
    md,
    'escape',
    watching(({ src, pos }) => src[pos] === '\\' && pos + 1 === src.length),
  )
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
  const { tail } = state.env as Environment
  const isTail = tail?.inline?.children === state.tokens && state.posMax === state.src.length
  return isTail ? tail : undefined
}

function hold(tail: Tail, position: number): void {
  tail.heldFrom = Math.min(tail.heldFrom ?? position, position)
}

function isNear({ src }: InlineState, position: number): boolean {
  return src.length - position <= MAX_HELD_UNITS
}

/** Holds back from where a rule found nothing that might still become something. */
function watching(mayBecome: (state: InlineState) => boolean) {
  return (state: InlineState, silent: boolean, rule: InlineRule): boolean => {
    if (rule(state, silent)) return true
    const tail = silent ? undefined : tailOf(state)
    if (tail?.holdsBack && isNear(state, state.pos) && mayBecome(state)) hold(tail, state.pos)
    return false
  }
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

function watchLink(state: InlineState, silent: boolean, rule: InlineRule): boolean {
  const { pos, src } = state
  if (rule(state, silent)) return true
  const tail = silent ? undefined : tailOf(state)
  if (!tail?.holdsBack || tail.heldFrom !== undefined) return false
  const isImage = src[pos] === '!'
  const from = isImage ? pos + 1 : pos
  if (src[from] !== '[') return false
  const labelEnd = state.md.helpers.parseLinkLabel(state, from, !isImage)
  if (mayBecomeLink(src, { from, labelEnd })) hold(tail, pos)
  return false
}

function readOpenMath(state: InlineState, silent: boolean, rule: InlineRule): boolean {
  if (rule(state, silent)) return true
  const { src, pos } = state
  const tail = tailOf(state)
  if (!tail || (src[pos] !== '$' && src[pos] !== '\\')) return false
  const pair = MATH.find(({ opening }) => src.startsWith(opening, pos))
  if (!pair) {
    if (src[pos] === '$' && tail.holdsBack && !silent) watchDollar(state, tail)
    return false
  }
  if (src.length - pos > MAX_MATH_UNITS || src.includes(pair.closing, pos + 2)) return false
  if (tail.holdsBack && src.length === pos + 2) {
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
  holdHalfMarks(state, tail)
  for (const opener of openersIn(state.delimiters).reverse()) {
    const position = positions.get(opener) ?? 0
    if (tail.holdsBack && isNear(state, position) && !hasClosedOnce(state.src.slice(position), opener)) {
      hold(tail, position)
    }
    close(state, opener)
  }
}

function hasClosedOnce(text: string, { marker }: Delimiter): boolean {
  const mark = String.fromCharCode(marker)
  let from = 0
  while (text[from] === mark) from++
  return CLOSED_ONCE[marker]?.test(text.slice(from)) ?? false
}

/** What is open at the end: neither closed itself nor within something that is. */
function openersIn(delimiters: Delimiter[]): Delimiter[] {
  const openers: Delimiter[] = []
  for (let index = 0; index < delimiters.length; index++) {
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
  const half = tail.holdsBack && last === state.tokens.length - 1 && HALF_MARK.exec(endOf(state.tokens[last]))
  if (half) hold(tail, state.src.length - half[0].length)
}

function endOf(token: Token | undefined): string {
  return token?.type === 'text' ? token.content : ''
}
