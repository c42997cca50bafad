// Marks that an unfinished text leaves open: held back while they are new, closed at its end afterwards.
import { TIMES } from './markdown-emphasis.ts'
import type { Token } from './markdown-grammar.ts'
import {
  type Delimiter,
  hold,
  type InlineRule,
  type InlineState,
  isNear,
  type Tail,
  tailOf,
  withoutEnd,
} from './unfinished-tail.ts'

const HALF_MARKS = '~|'
const HALF_IMAGE = /(?:^|\s)!$/
const PRODUCT = /\d\*$/
const ASTERISK = 0x2a
const UNDERSCORE = 0x5f

const positions = new WeakMap<Delimiter, number>()

/** Wraps a rule that reads marks: notes where each of them stands. */
export function notePositions(state: InlineState, silent: boolean, rule: InlineRule): boolean {
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

/** A rule for when marks have found their partners: holds those back that have none, or closes them at the end where they have been open for long. */
export function closeOpen(state: InlineState): void {
  const tail = tailOf(state)
  if (!tail) return
  if (tail.isWordEnd) reopenDoubtful(state)
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

/**
 * Takes back what a mark at the very end closes if the mark may be none: an underscore may be one within a name, if
 * that would open again what was opened before it, and a star after a digit may be one of a product.
 */
function reopenDoubtful({ delimiters, src }: InlineState): void {
  for (let from = delimiters.length - 1; from >= 0; from--) {
    const opener = delimiters[from]
    const closer = delimiters[opener?.end ?? -1]
    if (!opener || !closer || (positions.get(closer) ?? 0) < src.length - (closer.length ?? 0)) continue
    const isProduct = opener.marker === ASTERISK && PRODUCT.test(src.slice(-2))
    const isName =
      opener.marker === UNDERSCORE && openersIn(delimiters, { from: from + 1, to: opener.end }).length > 0
    if (isProduct || isName) opener.end = -1
  }
}

/** Whether a mark that closed nothing in the end once was the last thing written: it has been shown as closing. */
function hasClosedOnce(text: string, { marker, length }: Delimiter): boolean {
  if (marker !== ASTERISK && marker !== UNDERSCORE) return false
  const mark = `\\${String.fromCharCode(marker)}`
  return new RegExp(`[^\\s${mark}]${mark}{${length},}(?!${mark}|$)`).test(
    text.slice(length).replaceAll(new RegExp(TIMES, 'gi'), 'x'),
  )
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
  const end = endOf(state.tokens[last])
  const halves = end.length - withoutEnd(end, HALF_MARKS).length
  if (halves > 0) hold(tail, state.src.length - halves)
  if (HALF_IMAGE.test(state.src.slice(-2))) hold(tail, state.src.length - 1)
}

function endOf(token: Token | undefined): string {
  return token?.type === 'text' ? token.content : ''
}
