// Citations (`[1]`) and footnotes (`[^1]`): the brackets are what tells a reader that the number is none of the text.
import type MarkdownIt from 'markdown-it'

type InlineState = InstanceType<typeof MarkdownIt.StateInline>

const BRACKET = 0x5b
const NUMBER = /^\[\d{1,4}\]$/
const FOOTNOTE = /\[\^([^\s[\]^]{1,64})\]/y

/** Keeps the brackets of `[1]` where a definition makes it a link, and shows `[^1]` as `[1]`. */
export function keepCitations(md: InstanceType<typeof MarkdownIt>): void {
  md.inline.ruler.before('link', 'footnote', readFootnote)
  const link = md.inline.ruler.__rules__.find(({ name }) => name === 'link')
  if (!link) return
  const { fn } = link
  md.inline.ruler.at('link', (state, silent) => {
    const { pos } = state
    if (!fn(state, silent)) return false
    const written = state.src.slice(pos, state.pos)
    const label = state.tokens.at(-2)
    if (!silent && label && NUMBER.test(written)) label.content = written
    return true
  })
}

function readFootnote(state: InlineState, silent: boolean): boolean {
  // Silently it is asked for the ends of a label, which hides no link because a footnote is in it.
  if (silent || state.src.charCodeAt(state.pos) !== BRACKET) return false
  FOOTNOTE.lastIndex = state.pos
  const label = FOOTNOTE.exec(state.src)?.[1]
  if (label === undefined || FOOTNOTE.lastIndex > state.posMax) return false
  // What a link's text is in brackets for is no footnote.
  if (state.src[FOOTNOTE.lastIndex] === '(') return false
  state.push('text', '', 0).content = `[${label}]`
  state.pos += label.length + 3
  return true
}
