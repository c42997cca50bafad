// Finds where a page of a long text ends best.
import { isBlank, skipBlank } from './blank.ts'
import type { MessageEntity } from './formatted-text.ts'

/** A page that begins at `from` and may reach to `limit`, with the code blocks that show on it. */
export interface PageSpan {
  text: string
  from: number
  limit: number
  pres: MessageEntity[]
}

// A border in the first quarter would waste too much of a page: the next kind of border is tried first.
const MIN_FILL = 0.25
const CLOSERS = /["')\]}»”’*_]/
const ENDERS = /[.!?…]/
const WIDE_ENDERS = /[。！？；]/
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** Where to end the page: after `from`, at most at `limit`. What follows may begin with blanks. */
export function findCut(span: PageSpan): number {
  const page = new Page(span)
  const least = Math.floor((span.limit - span.from) * MIN_FILL)
  return span.from + (page.border(least) ?? page.border(1) ?? page.hardCut())
}

/** Positions here count from the page's start. */
class Page {
  #text: string
  #length: number
  #pres: { from: number; to: number }[]
  #segments: Intl.Segments | undefined
  // What shows first after the position asked last: positions are asked from the back.
  #after = { position: -1, shown: -1 }

  constructor({ text, from, limit, pres }: PageSpan) {
    // A little more than the page, for what stands at its end decides whether a cut there is one between characters.
    this.#text = text.slice(from, limit + 64)
    this.#length = limit - from
    this.#pres = pres.map(({ offset, length }) => ({ from: offset - from, to: offset + length - from }))
  }

  /** The last border of the best kind that leaves at least so many units on the page. */
  border(least: number): number | undefined {
    return (
      this.#lastBreak('\n\n', { least, isInCode: false }) ??
      this.#lastBreak('\n', { least, isInCode: false }) ??
      this.#lastBreak('\n\n', { least, isInCode: true }) ??
      this.#lastBreak('\n', { least, isInCode: true }) ??
      this.#last(least, (position) => this.#endsSentence(position) && !this.#preAt(position)) ??
      this.#last(least, (position) => isBlank(this.#text.charCodeAt(position)))
    )
  }

  /** The page's full length, less what would split a character. */
  hardCut(): number {
    const start = this.#graphemeStart(this.#length)
    if (start > 0) return start
    const isInPair = (this.#text.charCodeAt(this.#length) & 0xfc00) === 0xdc00
    return isInPair && this.#length > 1 ? this.#length - 1 : this.#length
  }

  #lastBreak(
    lineBreak: string,
    { least, isInCode }: { least: number; isInCode: boolean },
  ): number | undefined {
    let position = this.#text.lastIndexOf(lineBreak, this.#length)
    while (position >= least && position > 0) {
      const pre = isInCode ? undefined : this.#preAt(position)
      if (!pre && this.#isBetweenCharacters(position)) return position
      const before = Math.min(position - 1, pre ? pre.from : position)
      position = before < 0 ? -1 : this.#text.lastIndexOf(lineBreak, before)
    }
    return undefined
  }

  #last(least: number, isBorder: (position: number) => boolean): number | undefined {
    for (let position = this.#length; position >= least && position > 0; position--) {
      if (isBorder(position) && this.#isBetweenCharacters(position)) return position
    }
    return undefined
  }

  #preAt(position: number): { from: number; to: number } | undefined {
    return this.#pres.find(({ from, to }) => from < position && position < to)
  }

  #endsSentence(position: number): boolean {
    if (WIDE_ENDERS.test(this.#text.charAt(position - 1))) return true
    if (!isBlank(this.#text.charCodeAt(position))) return false
    let last = position - 1
    while (last > position - 4 && CLOSERS.test(this.#text.charAt(last))) last--
    // "1. " and "A. " number something more often than they end it.
    return (
      ENDERS.test(this.#text.charAt(last)) && !/(?:^|[\s.])\w\.$/.test(this.#text.slice(last - 2, last + 1))
    )
  }

  /** Whether both the page's end and what shows first after it are where a reader sees a new character. */
  #isBetweenCharacters(position: number): boolean {
    const isBlankRun = this.#after.position === position + 1 && isBlank(this.#text.charCodeAt(position))
    const next = isBlankRun
      ? this.#after.shown
      : skipBlank(this.#text, { from: position, to: this.#text.length })
    this.#after = { position, shown: next }
    return this.#graphemeStart(position) === position && this.#graphemeStart(next) === next
  }

  #graphemeStart(position: number): number {
    const before = this.#text.charCodeAt(position - 1)
    const after = this.#text.charCodeAt(position)
    if (Number.isNaN(after) || (before < 0x300 && after < 0x300 && before !== 0x0d)) return position
    this.#segments ??= graphemes.segment(this.#text)
    return this.#segments.containing(position)?.index ?? position
  }
}
