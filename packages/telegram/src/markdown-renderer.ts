// Renders the blocks of a Markdown document: paragraphs, headings, lists, quotes, code, tables.
import type { FormattedText } from './formatted-text.ts'
import type { Token } from './markdown-grammar.ts'
import { renderInline } from './markdown-inline.ts'
import { renderTable } from './markdown-table.ts'
import { TextBuilder, type TextMark } from './text-builder.ts'

const INDENT = '    '
const MAX_INDENTS = 6
const RULE = '———'
const LANGUAGE = /^[\w.+#-]{1,32}$/

// A longer quote is folded. A phone shows about sixty characters in a line.
const QUOTE_LINES = 10
const LINE_UNITS = 60

/** The first line of a block and the line after its last, as markdown-it gives them. */
type Lines = [number, number] | null

/** A state of a {@link MarkdownRenderer}. */
export interface RenderMark {
  text: TextMark
  lists: List[]
  endLine: number
  isApart: boolean
}

interface List {
  /** The number of its next item; undefined if its items have bullets. */
  next: number | undefined
}

/** Renders block tokens one after the other. Between two blocks of the top level it can be asked to go back. */
export class MarkdownRenderer {
  #builder = new TextBuilder()
  #tokens: Token[] = []
  #lists: List[] = []
  #quotes: { from: number | undefined }[] = []
  // Bullets whose item has shown nothing yet, how far the first of them is indented, and its line in the source.
  #bullets: string[] = []
  #bulletIndent = ''
  #bulletLine = 0
  #bulletMap: Lines = null
  // Where in the source the last shown block ended, and whether a blank line must follow it anyway.
  #endLine = 0
  #isApart = false

  /** Appends what the tokens show. */
  render(tokens: Token[]): void {
    this.#tokens = tokens
    let index = 0
    while (index < tokens.length) index = this.#renderBlock(index)
  }

  /** What has been rendered so far, as a message. */
  build(): FormattedText {
    return this.#builder.build()
  }

  /** Where the text now ends, to go back to. To be asked only where no item and no quote is open. */
  mark(): RenderMark {
    return {
      text: this.#builder.mark(),
      lists: this.#lists.map((list) => ({ ...list })),
      endLine: this.#endLine,
      isApart: this.#isApart,
    }
  }

  /** Forgets what was rendered since; lines are counted on from the mark, `lines` after where they were counted from. */
  goBack(mark: RenderMark, lines: number): void {
    this.#builder.goBack(mark.text)
    this.#lists = mark.lists.map((list) => ({ ...list }))
    this.#endLine = mark.endLine - lines
    this.#isApart = mark.isApart
    this.#bullets = []
    this.#quotes = []
  }

  /** Renders the block at an index; returns the index of the next. */
  #renderBlock(index: number): number {
    const token = this.#tokens[index]
    if (!token) return index + 1
    switch (token.type) {
      case 'inline':
        this.#text(token, this.#tokens[index - 1]?.type === 'heading_open')
        break
      case 'fence':
      case 'code_block':
        this.#code(token)
        break
      case 'table_open':
        return this.#table(index)
      case 'hr':
        this.#literal(token, RULE)
        break
      case 'math_block':
        this.#literal(token, token.content)
        break
      case 'definition':
        if (!token.hidden) this.#literal(token, token.content)
        break
      default:
        this.#container(token)
    }
    return index + 1
  }

  #container(token: Token): void {
    switch (token.type) {
      case 'bullet_list_open':
        this.#lists.push({ next: undefined })
        break
      case 'ordered_list_open':
        this.#lists.push({ next: Number(token.attrGet('start') ?? 1) })
        break
      case 'bullet_list_close':
      case 'ordered_list_close':
        this.#lists.pop()
        break
      case 'list_item_open':
        this.#openItem(token)
        break
      case 'list_item_close':
        // An item that holds nothing still counts.
        if (this.#bullets.length > 0) this.#openLine(this.#bulletMap)
        break
      case 'blockquote_open':
        this.#quotes.push({ from: undefined })
        break
      case 'blockquote_close':
        this.#closeQuote()
        break
    }
  }

  #text(token: Token, isHeading: boolean): void {
    const { children } = token
    if (!children || (children.length === 0 && this.#bullets.length === 0)) return
    if (isHeading) this.#isApart = true
    this.#openBlock(token.map)
    if (isHeading) this.#builder.openMark('bold')
    renderInline(this.#builder, children, this.#indent)
    if (isHeading) this.#builder.closeMark('bold')
    this.#isApart = isHeading
  }

  #code(token: Token): void {
    if (token.content.trim() === '') return
    this.#openAlone(token.map)
    const language = token.info.trim().split(/\s/, 1)[0] ?? ''
    this.#builder.pre(token.content, LANGUAGE.test(language) ? language : undefined)
  }

  #table(index: number): number {
    let end = index
    while (end < this.#tokens.length && this.#tokens[end]?.type !== 'table_close') end++
    const tokens = this.#tokens.slice(index, end)
    if (tokens.some(({ type, content }) => type === 'inline' && content !== '')) {
      this.#openAlone(this.#tokens[index]?.map ?? null)
      renderTable(this.#builder, tokens)
    }
    return end + 1
  }

  #literal(token: Token, text: string): void {
    this.#openBlock(token.map)
    this.#builder.append(text.replaceAll('\n', `\n${this.#indent}`))
  }

  #openItem(token: Token): void {
    const list = this.#lists.at(-1)
    const task = typeof token.meta?.task === 'string' ? token.meta.task : undefined
    if (this.#bullets.length === 0) {
      this.#bulletIndent = this.#indent
      this.#bulletLine = token.map?.[0] ?? 0
    }
    // An empty item reaches to the next one in the source; only its first line is its own.
    this.#bulletMap = token.map && [token.map[0], token.map[0] + 1]
    if (list?.next === undefined) this.#bullets.push(task ?? '•')
    else this.#bullets.push(task ? `${list.next}. ${task}` : `${list.next}.`)
    if (list?.next !== undefined) list.next++
  }

  #closeQuote(): void {
    const quote = this.#quotes.pop()
    // Quotes can't lie in quotes: the outermost is the one that shows.
    if (quote?.from === undefined || this.#quotes.length > 0) return
    const lines = this.#builder.since(quote.from).split('\n')
    const height = lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / LINE_UNITS)), 0)
    const type = height > QUOTE_LINES ? 'expandable_blockquote' : 'blockquote'
    this.#builder.add({ type, from: quote.from })
  }

  /** Begins a block of text: on lines of its own, behind its bullet or indentation. */
  #openBlock(map: Lines): void {
    const bullets = this.#bullets.length
    this.#openLine(map)
    if (bullets === 0) this.#builder.append(this.#indent)
    else this.#builder.append(' ')
  }

  /** Begins a line, as far from the text before it as in the source, with the bullets that wait for one. */
  #openLine(map: Lines): void {
    const [blockLine, endLine] = map ?? [this.#endLine, this.#endLine]
    const firstLine = this.#bullets.length > 0 ? this.#bulletLine : blockLine
    if (this.#builder.length > 0) {
      this.#builder.append(firstLine > this.#endLine || this.#isApart ? '\n\n' : '\n')
    }
    this.#endLine = Math.max(this.#endLine, endLine)
    this.#isApart = false
    for (const quote of this.#quotes) quote.from ??= this.#builder.length
    if (this.#bullets.length > 0) this.#builder.append(this.#bulletIndent + this.#bullets.splice(0).join(' '))
  }

  /** Begins a block that can't stand beside a bullet and knows no indentation. */
  #openAlone(map: Lines): void {
    const hasBullet = this.#bullets.length > 0
    this.#openLine(map)
    if (hasBullet) this.#builder.append('\n')
  }

  get #indent(): string {
    return INDENT.repeat(Math.min(MAX_INDENTS, Math.max(0, this.#lists.length - 1)))
  }
}
