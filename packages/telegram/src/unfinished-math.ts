// LaTeX that an unfinished text leaves open: shown as it is written, as it will be when it has its end.
import { hold, type InlineRule, type InlineState, isNear, type Tail, tailOf } from './unfinished-tail.ts'

const MATH = [
  { opening: '$$', closing: '$$' },
  { opening: '\\[', closing: '\\]' },
  { opening: '\\(', closing: '\\)' },
]
const MAX_UNITS = 1_000
// What would show otherwise in a formula than in Markdown.
const NOT_IN_MATH = /[*_~`[<&|]|\\(?![A-Za-z])/
// A dollar that a word may follow closes no formula that begins as a price does.
const PRICE = /^\$\d[^$]*\$$/

/** Wraps the rule that reads formulas within a line: those without an end go to the end of the text. */
export function readOpenMath(state: InlineState, silent: boolean, rule: InlineRule): boolean {
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
  if (src.length - pos > MAX_UNITS || src.includes(pair.closing, pos + 2)) return false
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
