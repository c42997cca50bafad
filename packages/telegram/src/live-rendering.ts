// Renders a text again and again while it grows, and reads anew only its last block.
import type { FormattedText } from './formatted-text.ts'
import type { Token } from './markdown-grammar.ts'
import { MarkdownRenderer } from './markdown-renderer.ts'
import { cleanText } from './text-builder.ts'
import { lastLineStart } from './unfinished-lines.ts'
import { parseUnfinished } from './unfinished-tokens.ts'

/** The rendering of one text that grows, such as a model's answer while it is written. */
export interface LiveRendering {
  /**
   * What of the text written so far can be shown, the same that `renderUnfinished` makes of it. Costs about its last
   * block if the text goes on where it ended the last time, the whole text otherwise. It throws nothing.
   */
  show(markdownSoFar: string): FormattedText
}

/** Begins the rendering of a text. It holds the text itself and what it shows, nothing else. */
export function createLiveRendering(): LiveRendering {
  const rendering = new GrowingRendering()
  return { show: (markdownSoFar) => rendering.show(markdownSoFar) }
}

class GrowingRendering {
  #renderer = new MarkdownRenderer()
  // The beginning of the text that will not be read again; it ends before a block, or an item of a list.
  #settled = ''
  #isInList = false
  // A definition gives a meaning to what was written before it.
  #hasDefinitions = false

  show(markdownSoFar: string): FormattedText {
    const text = cleanText(withoutHalfCharacter(markdownSoFar))
    if (!text.startsWith(this.#settled)) this.#forget()
    const { markdown, tokens } = parseUnfinished(text.slice(this.#settled.length))
    if (!this.#hasDefinitions && tokens.some(({ type }) => type === 'definition')) {
      this.#hasDefinitions = true
      if (this.#settled !== '') {
        this.#forget()
        return this.show(markdownSoFar)
      }
    }
    return this.#render(markdown, this.#isInList ? tokens.slice(1) : tokens)
  }

  #render(markdown: string, tokens: Token[]): FormattedText {
    const border = this.#hasDefinitions ? 0 : lastBorder(tokens, markdown)
    const first = tokens[border]
    this.#renderer.render(tokens.slice(0, border))
    const mark = this.#renderer.mark()
    this.#renderer.render(tokens.slice(border))
    const shown = this.#renderer.build()
    const lines = border > 0 ? (first?.map?.[0] ?? 0) : 0
    this.#renderer.goBack(mark, lines)
    if (border > 0) {
      this.#settled += linesOf(markdown, lines)
      this.#isInList = first?.type === 'list_item_open'
    }
    return shown
  }

  #forget(): void {
    this.#renderer = new MarkdownRenderer()
    this.#settled = ''
    this.#isInList = false
  }
}

/** Of a text whose last character has come by half only, what has come as a whole. */
function withoutHalfCharacter(text: string): string {
  return text.replace(/[\ud800-\udbff]$/, '')
}

/** The index of the last block, or item of a list, whose first line is complete: what is before it stays as it is. */
function lastBorder(tokens: Token[], markdown: string): number {
  const completeLines = markdown.slice(0, lastLineStart(markdown)).split('\n').length - 1
  for (let index = tokens.length - 1; index > 0; index--) {
    const { type, level, nesting, map } = tokens[index] ?? {}
    if (!map || nesting === -1 || map[0] >= completeLines) continue
    const isItem = level === 1 && type === 'list_item_open'
    // A formula is none if it doesn't end in time.
    if (isItem || (level === 0 && type !== 'math_block' && type !== 'inline')) return index
  }
  return 0
}

function linesOf(text: string, count: number): string {
  let end = 0
  for (let line = 0; line < count; line++) end = text.indexOf('\n', end) + 1
  return text.slice(0, end)
}
