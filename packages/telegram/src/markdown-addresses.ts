// Bare addresses are left to Telegram, which links them: marks within one are part of it.
import type MarkdownIt from 'markdown-it'

type InlineState = InstanceType<typeof MarkdownIt.StateInline>

const SCHEME = /(?<![a-z])https?$/i
// Up to a blank, a bracket of any kind that isn't round, an escape, a character reference, or marks in pairs.
const REST = /:\/\/(?:(?!\*\*|~~|&#?\w+;)[\w\-.~:/?#@!$&'()*+,;=%]){1,2048}/y
const END = /[*_~?!.,:;'")]+$/

/** Keeps `_`, `*` and `~` within `https://a.example/_b_` as they are; what is at its end, up to its last word, is none of it. */
export function keepAddresses(md: InstanceType<typeof MarkdownIt>): void {
  md.inline.ruler.before('emphasis', 'address', (state, silent) => {
    const address = readAddress(state)
    if (address === undefined) return false
    if (!silent) state.pending += address
    state.pos += address.length
    return true
  })
}

function readAddress({ src, pos, posMax }: InlineState): string | undefined {
  if (src[pos] !== ':' || !SCHEME.test(src.slice(Math.max(0, pos - 6), pos))) return undefined
  REST.lastIndex = pos
  return REST.exec(src)?.[0]
    .slice(0, posMax - pos)
    .replace(END, '')
}
