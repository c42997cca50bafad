// Collects a message's text and entities so that they nest as Telegram demands, whatever order they come in.
import { isBlank, skipBlank, skipBlankBack } from './blank.ts'
import { compareEntities, type FormattedText, type MessageEntity } from './formatted-text.ts'

/** Formatting that may contain, and lie in, any other but code. */
export type Mark = 'bold' | 'italic' | 'strikethrough' | 'spoiler'

// Telegram deletes or blanks these itself, which would move the offsets of what follows.
const DELETED = /[[\p{Cc}\u202a-\u202e]--[\n\t]]/gv
const BLOCKS = new Set<string>(['pre', 'blockquote', 'expandable_blockquote'])
const LINE_ENDS = /\r\n?|[\u2028\u2029]/g
const UNCLEAN = /[[\p{Cc}\u2028-\u202e]--[\n\t]]/v

/** The text as Telegram will keep it: well-formed, line ends as `\n`, no control or direction-override characters. */
export function cleanText(text: string): string {
  const wellFormed = text.isWellFormed() ? text : text.toWellFormed()
  if (!UNCLEAN.test(wellFormed)) return wellFormed
  return wellFormed.replace(LINE_ENDS, '\n').replace(DELETED, '')
}

/** A state of a {@link TextBuilder}. */
export interface TextMark {
  length: number
  parts: number
  entities: number
}

/** A message under construction. Text is only ever appended; marks and links are opened and closed around it. */
export class TextBuilder {
  #parts: string[] = []
  #length = 0
  #entities: MessageEntity[] = []
  #marks = new Map<Mark, { from: number; depth: number }>()
  #link: { from: number; url: string; depth: number } | undefined

  /** How long the text is so far, in UTF-16 units. */
  get length(): number {
    return this.#length
  }

  append(text: string): void {
    const clean = cleanText(text)
    if (clean === '') return
    this.#parts.push(clean)
    this.#length += clean.length
  }

  /** Opens a mark; a mark within the same mark changes nothing. */
  openMark(type: Mark): void {
    const open = this.#marks.get(type)
    if (open) open.depth++
    else this.#marks.set(type, { from: this.#length, depth: 1 })
  }

  closeMark(type: Mark): void {
    const open = this.#marks.get(type)
    if (!open || --open.depth > 0) return
    this.#marks.delete(type)
    this.add({ type, from: open.from })
  }

  /** Opens a link; a link within a link is only text. */
  openLink(url: string): void {
    if (this.#link) this.#link.depth++
    else this.#link = { from: this.#length, url, depth: 1 }
  }

  closeLink(): void {
    const link = this.#link
    if (!link || --link.depth > 0) return
    this.#link = undefined
    this.add({ type: 'text_link', from: link.from, url: link.url })
  }

  /** Whether a link is open: within it neither code nor another link can be shown. */
  get isInLink(): boolean {
    return this.#link !== undefined
  }

  /** Code within a line. Marks around it are interrupted, for code bears no other formatting; in a link it is text. */
  code(text: string): void {
    if (this.#link) this.append(text)
    else {
      this.#uninterrupted(() => {
        const from = this.#length
        this.append(text)
        this.add({ type: 'code', from })
      })
    }
  }

  /** A block of code, without the blank lines around it. */
  pre(text: string, language: string | undefined): void {
    // The indentation of its first line belongs to the code.
    const clean = cleanText(text).replaceAll('\t', '    ').trimEnd()
    const shown = skipBlank(clean, { from: 0, to: clean.length })
    this.#uninterrupted(() => {
      const from = this.#length
      this.append(clean.slice(clean.slice(0, shown).lastIndexOf('\n') + 1))
      this.add({ type: 'pre', from, ...(language && { language }) })
    })
  }

  /** Adds an entity from a position of the text to where the text now ends. */
  add({ from, ...entity }: Omit<MessageEntity, 'offset' | 'length'> & { from: number }): void {
    if (this.#length > from) this.#entities.push({ ...entity, offset: from, length: this.#length - from })
  }

  /** How the text reads from a position on. Costs the whole text: for short stretches near its end only. */
  since(position: number): string {
    let from = this.#length
    let index = this.#parts.length
    while (index > 0 && from > position) from -= this.#parts[--index]?.length ?? 0
    return this.#parts
      .slice(index)
      .join('')
      .slice(position - from)
  }

  /** Where the text now ends, to go back to; to be asked only where no mark and no link is open. */
  mark(): TextMark {
    return { length: this.#length, parts: this.#parts.length, entities: this.#entities.length }
  }

  /** Forgets what was appended since. Marks taken before are void. */
  goBack({ length, parts, entities }: TextMark): void {
    this.#parts = [this.#parts.slice(0, parts).join('')]
    this.#entities.length = entities
    this.#length = length
  }

  /** The message: trimmed, its entities trimmed with it, sorted, none of them blank. */
  build(): FormattedText {
    const text = this.#parts.join('')
    const sorted = this.#entities.sort(compareEntities)
    const startsWithCode = sorted.find(({ type, offset }) => type === 'pre' || offset > 0)?.offset === 0
    const from = startsWithCode ? 0 : skipBlank(text, { from: 0, to: text.length })
    const to = skipBlankBack(text, { from, to: text.length })
    return { text: text.slice(from, to), entities: clipEntities(sorted, { text, from, to }) }
  }

  #uninterrupted(write: () => void): void {
    for (const [type, { from }] of this.#marks) this.add({ type, from })
    write()
    for (const open of this.#marks.values()) open.from = this.#length
  }
}

/**
 * The entities that show in a stretch of a text, with offsets counted from its start: cut at its borders, without
 * blanks at their own borders, sorted. `entities` must be sorted.
 */
export function clipEntities(
  entities: MessageEntity[],
  { text, from, to }: { text: string; from: number; to: number },
): MessageEntity[] {
  const clipped: MessageEntity[] = []
  for (const entity of entities) {
    const within = {
      from: Math.max(from, entity.offset),
      to: Math.min(to, entity.offset + entity.length),
    }
    if (within.to <= within.from) continue
    const end = isBlank(text.charCodeAt(within.to - 1)) ? skipBlankBack(text, within) : within.to
    // Only what lies within a line begins where it shows: a quote begins where the code in it does.
    const start = BLOCKS.has(entity.type) ? within.from : skipBlank(text, { from: within.from, to: end })
    if (end > start) clipped.push({ ...entity, offset: start - from, length: end - start })
  }
  return clipped.sort(compareEntities)
}
