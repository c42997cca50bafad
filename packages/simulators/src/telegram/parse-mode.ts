/** The common part of Telegram's parse modes: HTML tags, and MarkdownV2's and Markdown's marks. Nothing rare. */
import { badRequest } from './bot-api-error.ts'
import type { FormattedText, MessageEntity } from './bot-api-types.ts'

const TAGS: Record<string, string> = {
  b: 'bold',
  strong: 'bold',
  i: 'italic',
  em: 'italic',
  u: 'underline',
  ins: 'underline',
  s: 'strikethrough',
  strike: 'strikethrough',
  del: 'strikethrough',
  code: 'code',
  pre: 'pre',
  a: 'text_link',
  blockquote: 'blockquote',
  'tg-spoiler': 'spoiler',
}
const NAMED: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"' }
const MARKS: Record<string, string> = {
  '```': 'pre',
  '||': 'spoiler',
  __: 'underline',
  '*': 'bold',
  _: 'italic',
  '~': 'strikethrough',
  '`': 'code',
}
const RESERVED = new Set('_*[]()~`>#+-=|{}.!')

/** The text without its markup. Throws "can't parse entities" and "unsupported parse_mode". */
export function parseMarkup(text: string, parseMode: string): FormattedText {
  switch (parseMode.toLowerCase()) {
    case 'html':
      return parseHtml(text)
    case 'markdownv2':
      return parseMarkdown(text, true)
    case 'markdown':
      return parseMarkdown(text, false)
    default:
      throw badRequest('unsupported parse_mode')
  }
}

function cantParse(reason: string): Error {
  return badRequest(`can't parse entities: ${reason}`)
}

function parseHtml(source: string): FormattedText {
  const entities: MessageEntity[] = []
  const open: { tag: string; entity: MessageEntity }[] = []
  let text = ''
  for (const match of source.matchAll(/<(\/?)([\w-]*)([^>]*)>|&(\w+|#\d+);|[^<&]+|[<&]/g)) {
    const [whole, slash, tag, attributes, name] = match
    const at = Buffer.byteLength(source.slice(0, match.index))
    if (whole === '<') throw cantParse(`Unclosed start tag at byte offset ${at}`)
    if (name !== undefined)
      text += name.startsWith('#') ? String.fromCodePoint(Number(name.slice(1))) : (NAMED[name] ?? whole)
    else if (tag === undefined) text += whole
    else if (slash === '/') {
      const last = open.pop()
      if (last === undefined) throw cantParse(`Unexpected end tag at byte offset ${at}`)
      if (last.tag !== tag)
        throw cantParse(
          `Unmatched end tag at byte offset ${at}, expected "</${last.tag}>", found "</${tag}>"`,
        )
      entities.push({ ...last.entity, length: text.length - last.entity.offset })
    } else {
      const type = TAGS[tag.toLowerCase()]
      if (type === undefined) throw cantParse(`Unsupported start tag "${tag}" at byte offset ${at}`)
      const url = /href="([^"]*)"/.exec(attributes ?? '')?.[1]
      const language = /class="language-([^"]*)"/.exec(attributes ?? '')?.[1]
      open.push({
        tag,
        entity: { type, offset: text.length, length: 0, ...(url && { url }), ...(language && { language }) },
      })
    }
  }
  const unclosed = open.at(-1)
  if (unclosed !== undefined) {
    throw cantParse(`Can't find end tag corresponding to start tag "${unclosed.tag}"`)
  }
  return { text, entities: entities.filter(({ type, url }) => type !== 'text_link' || url !== undefined) }
}

function parseMarkdown(source: string, isStrict: boolean): FormattedText {
  const entities: MessageEntity[] = []
  const open: { mark: string; offset: number; at: number }[] = []
  let text = ''
  for (let at = 0; at < source.length; ) {
    const character = source[at] as string
    const isCode = open.at(-1)?.mark === '`' || open.at(-1)?.mark === '```'
    const mark = isCode ? codeEnd(source, at, open.at(-1)?.mark as string) : markAt(source, at, isStrict)
    const link = isCode || character !== '[' ? null : /^\[([^\]]*)\]\(([^)]*)\)/.exec(source.slice(at))
    if (character === '\\' && RESERVED.has(source[at + 1] ?? '')) {
      text += source[at + 1]
      at += 2
    } else if (link !== null) {
      entities.push({
        type: 'text_link',
        offset: text.length,
        length: link[1]?.length ?? 0,
        url: link[2] ?? '',
      })
      text += link[1]
      at += link[0].length
    } else if (mark !== undefined) {
      const last = open.at(-1)
      if (last?.mark === mark) {
        open.pop()
        entities.push({ type: MARKS[mark] as string, offset: last.offset, length: text.length - last.offset })
      } else open.push({ mark, offset: text.length, at })
      at += mark.length
    } else {
      if (isStrict && !isCode && RESERVED.has(character)) {
        throw cantParse(`Character '${character}' is reserved and must be escaped with the preceding '\\'`)
      }
      text += character
      at += 1
    }
  }
  const unclosed = open.at(-1)
  if (unclosed !== undefined) {
    const offset = Buffer.byteLength(source.slice(0, unclosed.at))
    throw cantParse(`Can't find end of the entity starting at byte offset ${offset}`)
  }
  return { text, entities }
}

function codeEnd(source: string, at: number, mark: string): string | undefined {
  return source.startsWith(mark, at) ? mark : undefined
}

function markAt(source: string, at: number, isStrict: boolean): string | undefined {
  const mark = Object.keys(MARKS).find((candidate) => source.startsWith(candidate, at))
  if (mark === undefined || isStrict) return mark
  // The older Markdown knows four marks.
  return ['```', '*', '_', '`'].find((candidate) => source.startsWith(candidate, at))
}
