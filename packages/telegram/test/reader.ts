// What a reader must see of a Markdown document, found by a parser that shares nothing with the converter.

import type { Nodes, Parents, PhrasingContent, Root, Table, TableRow } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmFromMarkdown } from 'mdast-util-gfm'
import { gfm } from 'micromark-extension-gfm'
import { type Glyph, gapOf, isBlank } from './glyphs.ts'

/** What must be seen of a document. Formulas are to stand between blanks or as blocks, footnotes to be one line. */
export function readerSees(markdown: string): Glyph[] {
  const { masked, formulas } = maskFormulas(markdown)
  return new Reader(masked, formulas).read()
}

const FILE_NAME = /(README\.md|src\/main\.rs)/
const LINKABLE = /^(?:https?|tg):/
const FORMULA = /\\\((?!\s).*?\\\)|\\\[(?!\s).*?\\\]|\$(?=[a-z])[^$\n]*[^\s$]\$(?![\p{L}\d])/gu
const BLOCK_FORMULA = 'formula'
const PHONE_COLUMNS = 40

/** Formulas as words of private characters, blocks of them as code; Markdown would read what they hold. */
function maskFormulas(markdown: string): { masked: string; formulas: string[] } {
  const formulas: string[] = []
  let isIn = false
  const masked = markdown
    .split('\n')
    .map((line) => {
      if (!/^[\s>\-*+\d.)[\]x]*\$\$$/.test(line)) {
        return line.replace(FORMULA, (formula) => {
          formulas.push(formula)
          return String.fromCodePoint(0xe000 + formulas.length - 1)
        })
      }
      isIn = !isIn
      return line.replace('$$', isIn ? `\`\`\`\`\`${BLOCK_FORMULA}` : '`````')
    })
    .join('\n')
  return { masked, formulas }
}

/** Where inline text stands. */
interface Place {
  marks: ReadonlySet<string>
  url: string | undefined
  isQuote: boolean
}

class Reader {
  #source: string
  #formulas: string[]
  #root: Root
  #definitions = new Map<string, string>()
  #used = new Set<string>()
  #glyphs: Glyph[] = []
  #gap = '\n\n'
  // Bullets whose item has shown nothing yet.
  #bullets: string[] = []

  constructor(source: string, formulas: string[]) {
    this.#source = source
    this.#formulas = formulas
    this.#root = fromMarkdown(source, {
      extensions: [gfm({ singleTilde: false }), { disable: { null: DISABLED } }],
      mdastExtensions: [gfmFromMarkdown().slice(2)],
    })
  }

  read(): Glyph[] {
    this.#visit(this.#root, (node) => {
      if (node.type === 'definition' && !this.#definitions.has(node.identifier)) {
        this.#definitions.set(node.identifier, node.url)
      }
      if (node.type === 'linkReference') this.#used.add(node.identifier)
    })
    this.#blocks(this.#root, { marks: new Set(), url: undefined, isQuote: false })
    return this.#glyphs
  }

  #visit(node: Nodes, see: (node: Nodes) => void): void {
    see(node)
    if ('children' in node) for (const child of node.children) this.#visit(child, see)
  }

  #blocks(parent: Parents, place: Place): void {
    for (const [index, node] of parent.children.entries()) {
      const before = parent.children[index - 1]?.type
      const isApart =
        (before === 'paragraph' && node.type === 'paragraph') ||
        before === 'heading' ||
        node.type === 'heading'
      this.#line(isApart ? '\n\n' : '\n')
      this.#block(node, place)
    }
  }

  #block(node: Nodes, place: Place): void {
    switch (node.type) {
      case 'paragraph':
        this.#inline(node.children, place)
        break
      case 'heading':
        this.#inline(node.children, { ...place, marks: new Set(['bold']) })
        break
      case 'thematicBreak':
        this.#write('———', place)
        break
      case 'blockquote':
        this.#blocks(node, { ...place, isQuote: true })
        break
      case 'code':
        this.#code(node.value, { language: node.lang ?? undefined, place })
        break
      case 'definition':
        if (!this.#used.has(node.identifier)) this.#write(this.#sourceOf(node), place)
        break
      case 'table':
        this.#table(node, place)
        break
      case 'list':
        for (const [index, item] of node.children.entries()) {
          const bullet = node.ordered ? `${(node.start ?? 1) + index}.` : '•'
          const box = typeof item.checked === 'boolean' ? (item.checked ? '☑' : '☐') : undefined
          this.#line('\n')
          this.#bullets.push(node.ordered && box ? `${bullet} ${box}` : (box ?? bullet))
          this.#blocks(item, place)
          if (this.#bullets.length > 0) this.#flushBullets(place)
        }
    }
  }

  #code(value: string, { language, place }: { language: string | undefined; place: Place }): void {
    if (value.trim() === '') return
    if (language === BLOCK_FORMULA) {
      this.#write(`$$\n${value}\n$$`, place)
      return
    }
    if (this.#bullets.length > 0) this.#flushBullets(place)
    this.#line('\n')
    this.#glyphsOf(this.#unmasked(value.trim()), language ? `pre=${language}` : 'pre', place)
  }

  #table(table: Table, place: Place): void {
    const columns = table.children[0]?.children.length ?? 0
    const rows = table.children.map((row) => cellsOf(row, columns))
    const texts = rows.map((row) => row.map((cell) => this.#plain(cell)))
    if (texts.flat().every((text) => text === '')) return
    if (this.#bullets.length > 0) this.#flushBullets(place)
    const widths = (texts[0] ?? []).map((_, column) =>
      Math.max(...texts.map((row) => columnsOf(row[column] ?? ''))),
    )
    const hasLinks = rows.flat(2).some((node) => this.#hasLink(node))
    const total = widths.reduce((sum, width) => sum + width, 3 * (widths.length - 1))
    if (hasLinks || total > PHONE_COLUMNS) {
      this.#records(rows, texts, place)
      return
    }
    const dashes = widths.map((width) => '-'.repeat(width)).join('-|-')
    const lines = texts.map((row) => row.join(' | '))
    this.#line('\n')
    this.#glyphsOf([lines[0], dashes, ...lines.slice(1)].join('\n').trim(), 'pre', place)
  }

  #records(rows: PhrasingContent[][][], texts: string[][], place: Place): void {
    const [labels = []] = texts
    let isFirst = true
    for (const [index, row] of rows.entries()) {
      const isEmpty = texts[index]?.every((text) => text === '') ?? true
      if (isEmpty || (index === 0 && rows.length > 1)) continue
      this.#line(isFirst ? '\n' : '\n\n')
      isFirst = false
      for (const [column, cell] of row.entries()) {
        if (texts[index]?.[column] === '') continue
        this.#line('\n')
        if (index > 0 && labels[column] !== '') this.#write(`${labels[column]}: `, place)
        this.#inline(cell, place)
      }
    }
  }

  #hasLink(node: Nodes): boolean {
    let has = false
    this.#visit(node, ({ type }) => {
      has ||= type === 'link' || type === 'image' || type === 'linkReference'
    })
    return has
  }

  /** The text of inline nodes without formatting. */
  #plain(nodes: PhrasingContent[]): string {
    const reader = new Reader('', this.#formulas)
    reader.#definitions = this.#definitions
    reader.#gap = ''
    reader.#inline(nodes, { marks: new Set(), url: undefined, isQuote: false })
    return reader.#glyphs.map(({ character, after }) => (after === 'joined' ? '' : ' ') + character).join('')
  }

  #inline(nodes: PhrasingContent[], place: Place): void {
    let current = place
    for (const node of nodes) {
      if (node.type !== 'text') {
        this.#phrase(node, current)
        continue
      }
      // Spoilers are unknown to the parser: their bars are text between the nodes that they hide.
      for (const [index, part] of node.value.split(/(?<!\|)\|\|(?!\|)/).entries()) {
        if (index > 0) current = toggle(current, 'spoiler')
        this.#write(part, current)
      }
    }
  }

  #phrase(node: PhrasingContent, place: Place): void {
    switch (node.type) {
      case 'strong':
        this.#inline(node.children, withMark(place, 'bold'))
        break
      case 'emphasis':
        this.#inline(node.children, withMark(place, 'italic'))
        break
      case 'delete':
        this.#inline(node.children, withMark(place, 'strikethrough'))
        break
      case 'inlineCode':
        this.#write(node.value, place.url === undefined ? { ...place, marks: CODE } : place)
        break
      case 'break':
        this.#line('\n')
        break
      case 'link':
        this.#link(node.url, place, (inner) => this.#inline(node.children, inner))
        break
      case 'image':
        this.#link(node.url, place, (inner) => this.#write(node.alt ?? '', inner))
        break
      case 'linkReference': {
        const url = this.#definitions.get(node.identifier) ?? ''
        const isNumber = node.referenceType === 'shortcut' && /^\d+$/.test(node.identifier)
        this.#link(url, place, (inner) => {
          if (isNumber) this.#write(`[${node.identifier}]`, inner)
          else this.#inline(node.children, inner)
        })
        break
      }
    }
  }

  #link(url: string, place: Place, write: (place: Place) => void): void {
    const isLinkable = LINKABLE.test(url)
    const inner = isLinkable && place.url === undefined ? { ...place, url } : place
    const before = this.#glyphs.length
    write(inner)
    const shown = this.#glyphs
      .slice(before)
      .map(({ character }) => character)
      .join('')
    // Where no text is, the address must do.
    if (isLinkable && shown === '') this.#write(url, inner)
    if (isLinkable) return
    const address = url.replace(/^mailto:/, '')
    if (address !== '' && !address.startsWith('#') && address !== shown)
      this.#write(shown === '' ? address : ` (${address})`, place)
  }

  #write(text: string, place: Place): void {
    for (const [index, part] of text
      .replace(/\[\^(\d)\]/g, '[$1]')
      .split(FILE_NAME)
      .entries()) {
      const isName = index % 2 === 1 && place.url === undefined
      this.#glyphsOf(
        this.#unmasked(part),
        this.#formattingAt(isName ? { ...place, marks: CODE } : place),
        place,
      )
    }
  }

  #formattingAt({ marks, url }: Place): string {
    return [...marks, ...(url === undefined ? [] : [`text_link=${url}`])].join(' ')
  }

  #unmasked(text: string): string {
    return text.replace(/[\ue000-\uf8ff]/g, (mask) => this.#formulas[mask.charCodeAt(0) - 0xe000] ?? mask)
  }

  #glyphsOf(text: string, formatting: string, { isQuote }: Place): void {
    if (text.trim() !== '' && this.#bullets.length > 0) {
      this.#flushBullets({ marks: new Set(), url: undefined, isQuote })
      this.#gap = ' '
    }
    const kinds = [...formatting.split(' ').filter((kind) => kind !== ''), ...(isQuote ? ['blockquote'] : [])]
    const sorted = kinds.sort().join(' ')
    for (const character of text.split('')) {
      if (isBlank(character)) this.#gap += character
      else {
        this.#glyphs.push({ character, after: gapOf(this.#gap), formatting: sorted })
        this.#gap = ''
      }
    }
  }

  #flushBullets(place: Place): void {
    const bullets = this.#bullets.splice(0).join(' ')
    this.#glyphsOf(bullets, '', place)
  }

  #line(gap: string): void {
    // What an item begins with stands beside its bullet.
    if (this.#bullets.length === 0 && !this.#gap.includes(gap)) this.#gap = gap
  }

  #sourceOf({ position }: Nodes): string {
    return this.#source.slice(position?.start.offset, position?.end.offset)
  }
}

const CODE = new Set(['code'])
const DISABLED = [
  ...['htmlFlow', 'htmlText', 'emailAutolink', 'protocolAutolink', 'wwwAutolink'],
  ...['gfmFootnoteCall', 'gfmFootnoteDefinition', 'gfmPotentialFootnoteCall'],
]

/** The cells of a row; what is beyond the columns belongs to the last. */
function cellsOf({ children }: TableRow, columns: number): PhrasingContent[][] {
  const cells = children.map((cell) => cell.children)
  const last = cells
    .slice(columns - 1)
    .flatMap((cell, index): PhrasingContent[] =>
      index === 0 ? cell : [{ type: 'text', value: ' | ' }, ...cell],
    )
  return Array.from({ length: columns }, (_, column) =>
    column === columns - 1 ? last : (cells[column] ?? []),
  )
}

function withMark(place: Place, mark: string): Place {
  return { ...place, marks: new Set([...place.marks, mark]) }
}

function toggle(place: Place, mark: string): Place {
  const marks = new Set(place.marks)
  if (!marks.delete(mark)) marks.add(mark)
  return { ...place, marks }
}

/** Columns of a text in which only East Asian characters and emoji are wide. */
function columnsOf(text: string): number {
  let columns = 0
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    columns += /\p{Emoji_Presentation}|\p{Script=Han}|[\uff01-\uff60]/u.test(segment) ? 2 : 1
  }
  return columns
}
