// Link definitions (`[1]: https://…`): those that no link uses are sources a model lists, and must stay visible.
import type MarkdownIt from 'markdown-it'

const LABEL = /^\s*\[((?:[^\\\]]|\\.)*)\]:/s

/** Leaves a `definition` token, hidden if a link uses it, where CommonMark would swallow the line. */
export function keepDefinitions(md: InstanceType<typeof MarkdownIt>): void {
  const rule = md.block.ruler.__rules__.find(({ name }) => name === 'reference')
  if (!rule) return
  const { fn, alt } = rule
  const define: typeof fn = (state, startLine, endLine, silent) => {
    // A footnote's text is text, be it a single word that could be an address.
    if (state.src.startsWith('[^', (state.bMarks[startLine] ?? 0) + (state.tShift[startLine] ?? 0)))
      return false
    if (!fn(state, startLine, endLine, silent)) return false
    if (silent) return true
    const token = state.push('definition', '', 0)
    token.map = [startLine, state.line]
    token.content = state.getLines(startLine, state.line, state.blkIndent, false).trim()
    token.info = md.utils.normalizeReference(LABEL.exec(token.content)?.[1] ?? '')
    return true
  }
  md.block.ruler.at('reference', define, { alt })
  md.core.ruler.before('inline', 'watch_definitions', watchUse)
  md.core.ruler.after('inline', 'hide_used_definitions', ({ env, tokens }) => {
    for (const token of tokens) {
      if (token.type === 'definition') token.hidden = used.get(env)?.has(token.info) ?? false
    }
  })
}

const used = new WeakMap<object, Set<string>>()

function watchUse({ env }: { env: { references?: Record<string, { title: string; href: string }> } }): void {
  if (!env.references) return
  const labels = new Set<string>()
  used.set(env, labels)
  env.references = new Proxy(env.references, {
    get(references, label) {
      if (typeof label !== 'string' || !Object.hasOwn(references, label)) return undefined
      labels.add(label)
      return references[label]
    },
  })
}
