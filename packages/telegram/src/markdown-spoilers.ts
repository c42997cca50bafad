// Telegram's own `||spoiler||`, which models know from MarkdownV2.
import type MarkdownIt from 'markdown-it'

type InlineState = InstanceType<typeof MarkdownIt.StateInline>
type Delimiters = InlineState['delimiters']

const BAR = 0x7c
// markdown-it's own list of characters where plain text may end, and the bar.
const PLAIN = /[^\n!#$%&*+\-:<=>@[\\\]^_`{|}~]+/y

/** Reads `||text||` as `spoiler_open` and `spoiler_close`; `a || b` and `a||b||c` remain text. */
export function readSpoilers(md: InstanceType<typeof MarkdownIt>): void {
  md.inline.ruler.at('text', readPlain)
  md.inline.ruler.before('strikethrough', 'spoiler', readBars)
  md.inline.ruler2.after('strikethrough', 'spoiler', (state) => {
    pairBars(state, state.delimiters)
    for (const meta of state.tokens_meta) if (meta?.delimiters) pairBars(state, meta.delimiters)
  })
}

function readPlain(state: InlineState, silent: boolean): boolean {
  PLAIN.lastIndex = state.pos
  if (!PLAIN.test(state.src)) return false
  const end = Math.min(PLAIN.lastIndex, state.posMax)
  if (!silent) state.pending += state.src.slice(state.pos, end)
  state.pos = end
  return true
}

function readBars(state: InlineState, silent: boolean): boolean {
  if (silent || state.src.charCodeAt(state.pos) !== BAR) return false
  const { length, can_open: open, can_close: close } = state.scanDelims(state.pos, false)
  const bars = '|'.repeat(length)
  state.pos += length
  if (length !== 2) {
    state.pending += bars
    return true
  }
  state.push('text', '', 0).content = bars
  state.delimiters.push({ marker: BAR, length: 0, token: state.tokens.length - 1, end: -1, open, close })
  return true
}

function pairBars(state: InlineState, delimiters: Delimiters): void {
  for (const { marker, end, token } of delimiters) {
    if (marker !== BAR || end === -1) continue
    mark(state.tokens[token], 'spoiler_open', 1)
    mark(state.tokens[delimiters[end]?.token ?? -1], 'spoiler_close', -1)
  }
}

function mark(token: InlineState['tokens'][number] | undefined, type: string, nesting: 1 | -1): void {
  if (!token) return
  token.type = type
  token.nesting = nesting
  token.content = ''
}
