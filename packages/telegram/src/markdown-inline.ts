// Renders what stands within a line: emphasis, code, links, images, file names.
import type { Token } from './markdown-grammar.ts'
import type { Mark, TextBuilder } from './text-builder.ts'

const MARKS = new Map<string, Mark>(
  Object.entries({ strong: 'bold', em: 'italic', s: 'strikethrough', spoiler: 'spoiler' } as const).flatMap(
    ([name, mark]): [string, Mark][] => [
      [`${name}_open`, mark],
      [`${name}_close`, mark],
    ],
  ),
)
const LINKABLE = /^(?:https?|tg|ton):\/\/[^\s/?#]/i

// Endings that are also top-level domains: Telegram would make links of such names. In code it leaves them alone.
const FILE_NAME =
  /(?<![\w.\-/@:\\])(?:[\w-]{1,64}\/){0,16}[\w-][\w.-]{0,99}\.(?:md|rs|py|sh|pl|pm|cc|mk|zip|mov)(?![\w\-/@]|\?\S|\.\w)/g

/** Renders inline tokens; each new line of the text begins with `indent`. */
export function renderInline(builder: TextBuilder, tokens: Token[], indent = ''): void {
  const links: OpenLink[] = []
  for (const token of tokens) {
    if (token.type === 'text') {
      appendText(builder, token.content)
      continue
    }
    const mark = MARKS.get(token.type)
    if (mark && token.nesting === 1) builder.openMark(mark)
    else if (mark) builder.closeMark(mark)
    else if (token.type === 'link_open') links.push(openLink(builder, String(token.attrGet('href') ?? '')))
    else if (token.type === 'link_close') closeLink(builder, links.pop())
    else if (token.type === 'image') renderImage(builder, token)
    else if (token.type === 'code_inline') builder.code(token.content)
    else if (token.type === 'softbreak' || token.type === 'hardbreak') builder.append(`\n${indent}`)
    else builder.append(token.content)
  }
}

interface OpenLink {
  from: number
  href: string
  isLinkable: boolean
  /** Whether it lies in another, of whose text it is a part. */
  isInner: boolean
}

function openLink(builder: TextBuilder, href: string): OpenLink {
  const url = /^www\./i.test(href) ? `https://${href}` : href
  const isLinkable = LINKABLE.test(url)
  const isInner = builder.isInLink
  if (isLinkable) builder.openLink(url)
  return { from: builder.length, href, isLinkable, isInner }
}

function closeLink(builder: TextBuilder, link: OpenLink | undefined): void {
  if (!link) return
  const shown = builder.since(link.from).trim()
  if (link.isLinkable) {
    if (shown === '' && !link.isInner) builder.append(readable(link.href))
    builder.closeLink()
    return
  }
  // Telegram opens no such address: it is shown, unless it says nothing that the text doesn't.
  const address = readable(link.href.replace(/^(?:mailto|tel):/i, ''))
  if (address === '' || address.startsWith('#') || address === shown) return
  builder.append(shown === '' ? address : ` (${address})`)
}

/** An address as it was written: the parser has encoded what isn't ASCII. */
function readable(address: string): string {
  try {
    return decodeURI(address)
  } catch {
    return address
  }
}

function renderImage(builder: TextBuilder, token: Token): void {
  const source = String(token.attrGet('src') ?? '')
  const link = openLink(builder, source.startsWith('data:') ? '' : source)
  renderInline(builder, token.children ?? [])
  closeLink(builder, link)
}

function appendText(builder: TextBuilder, text: string): void {
  if (builder.isInLink || !text.includes('.')) {
    builder.append(text)
    return
  }
  let from = 0
  for (const { 0: name, index } of text.matchAll(FILE_NAME)) {
    builder.append(text.slice(from, index))
    builder.code(name)
    from = index + name.length
  }
  builder.append(text.slice(from))
}
