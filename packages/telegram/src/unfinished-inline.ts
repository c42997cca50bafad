// Watches what the last line of an unfinished text leaves open: code, links, tags, escapes.
import type { MarkdownParser } from './markdown-grammar.ts'
import { mayBecomeLink } from './unfinished-links.ts'
import { closeOpen, notePositions } from './unfinished-marks.ts'
import { readOpenMath } from './unfinished-math.ts'
import { hold, type InlineRule, type InlineState, isNear, tailOf, withoutEnd } from './unfinished-tail.ts'

const MAX_LINK_UNITS = 2_000
const TAG = /^<(?:[a-zA-Z/!?][^<>]*)?$/
const REFERENCE = /^&#?[a-zA-Z0-9]{0,31}$/

/** Makes a parser close what a document leaves open, or say what of it is to be held back: see `Tail`. */
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

/** Holds back from where a rule found nothing, if what follows may still become something. */
function watching(half: RegExp) {
  return (state: InlineState, silent: boolean, rule: InlineRule): boolean => {
    if (rule(state, silent)) return true
    const tail = silent ? undefined : tailOf(state)
    const { src, pos } = state
    if (tail?.holdsBack && tail.isWordEnd && isNear(state, pos) && half.test(src.slice(pos))) hold(tail, pos)
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

/** Code without an end goes to the end of the text, if it has been open for long. */
function readOpenCode(state: InlineState, silent: boolean, rule: InlineRule): boolean {
  const { pos, pending, src } = state
  if (!rule(state, silent)) return false
  const tail = silent ? undefined : tailOf(state)
  if (!tail || withoutEnd(src.slice(pos, state.pos), '`') !== '') return true
  if (tail.holdsBack && isNear(state, pos)) hold(tail, pos)
  else {
    const content = withoutEnd(src.slice(state.pos), '`').replaceAll('\n', ' ')
    state.pending = pending
    if (content !== '') state.push('code_inline', 'code', 0).content = content
    state.pos = state.posMax
  }
  return true
}

/** Holds back from a bracket that may begin a link or an image. */
function watchLabel(prefix: '' | '!') {
  return (state: InlineState, silent: boolean, rule: InlineRule): boolean => {
    const { pos, src } = state
    if (rule(state, silent)) return true
    const tail = silent ? undefined : tailOf(state)
    if (!tail?.holdsBack || tail.heldFrom !== undefined || !src.startsWith(`${prefix}[`, pos)) return false
    const from = pos + prefix.length
    if (src.length - from > MAX_LINK_UNITS) return false
    const labelEnd = state.md.helpers.parseLinkLabel(state, from, prefix === '')
    // A blank has come after the label: it is text.
    if (labelEnd === src.length - 1 && !tail.isWordEnd) return false
    if (mayBecomeLink(src, { from, labelEnd })) hold(tail, pos)
    return false
  }
}
