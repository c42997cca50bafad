// Cuts a message that is too long for Telegram into messages that are not.
import { skipBlank, skipBlankBack } from './blank.ts'
import { compareEntities, type FormattedText, type MessageEntity } from './formatted-text.ts'
import { findCut } from './page-cut.ts'
import { clipEntities } from './text-builder.ts'

/** Telegram's bounds of one message. */
export interface PageLimits {
  /** UTF-16 units of text, at least 2; default 4096. Telegram counts code points, which are never more. */
  maxUnits?: number
  /** Entities, at least 1; default 100. Telegram silently drops what is beyond. */
  maxEntities?: number
}

/**
 * Cuts a text into pages: preferably at a blank line, else at a line's end, a sentence's, a space, and only at last
 * within a word, but never within a character as a reader sees it. An entity across a cut goes on on the next page.
 * Blanks at a cut are dropped, indentation of code is kept. No page is blank: a blank text has none. Linear in time.
 */
export function cutPages(
  { text, entities }: FormattedText,
  { maxUnits = 4096, maxEntities = 100 }: PageLimits = {},
): FormattedText[] {
  const pages: FormattedText[] = []
  const waiting = new EntityQueue(entities, maxEntities)
  let from = pageStart(text, 0, waiting)
  while (from < text.length) {
    const limit = waiting.advance(from, Math.min(text.length, from + Math.max(2, maxUnits)))
    const cut = limit === text.length ? limit : findCut({ text, from, limit, pres: waiting.pres })
    const to = skipBlankBack(text, { from, to: cut })
    if (to > from) {
      pages.push({ text: text.slice(from, to), entities: clipEntities(waiting.shown, { text, from, to }) })
    }
    from = pageStart(text, cut, waiting)
  }
  return pages
}

/** Where what shows begins after a cut: behind the blanks, but before the indentation of a line of code. */
function pageStart(text: string, cut: number, entities: EntityQueue): number {
  const shown = skipBlank(text, { from: cut, to: text.length })
  const pre = entities.preAt(shown)
  if (!pre) return shown
  const earliest = Math.max(cut, pre.offset)
  const lineBreak = text.slice(earliest, shown).lastIndexOf('\n')
  if (lineBreak >= 0) return earliest + lineBreak + 1
  const isLineStart = earliest === pre.offset || text.charAt(earliest - 1) === '\n'
  return isLineStart ? earliest : shown
}

/** The entities in their order, of which only so many as a page may hold are looked at. */
class EntityQueue {
  /** Those that reach into the page, or may begin in it. */
  shown: MessageEntity[] = []
  #entities: MessageEntity[]
  #next = 0
  #max: number

  constructor(entities: MessageEntity[], max: number) {
    this.#entities = entities.toSorted(compareEntities)
    this.#max = Math.max(1, max)
  }

  get pres(): MessageEntity[] {
    return this.shown.filter(({ type }) => type === 'pre')
  }

  /** Moves to a page; returns where it must end, for its entities' sake, at the latest. */
  advance(from: number, limit: number): number {
    this.shown = this.shown.filter(({ offset, length }) => offset + length > from)
    for (; this.#next < this.#entities.length; this.#next++) {
      const entity = this.#entities[this.#next]
      if (!entity || entity.offset >= limit) break
      if (entity.length <= 0 || entity.offset + entity.length <= from) continue
      if (this.shown.length < this.#max) this.shown.push(entity)
      else if (entity.offset > from) return entity.offset
      // More at one point than a page may hold: the innermost are given up.
    }
    return limit
  }

  /** The code block that a position lies in; asked for positions that never go back. */
  preAt(position: number): MessageEntity | undefined {
    const isAround = ({ type, offset, length }: MessageEntity): boolean =>
      type === 'pre' && offset <= position && position < offset + length
    const shown = this.shown.find(isAround)
    if (shown) return shown
    for (let next = this.#next; next < this.#entities.length; next++) {
      const entity = this.#entities[next]
      if (!entity || entity.offset > position) return undefined
      if (isAround(entity)) return entity
    }
    return undefined
  }
}
