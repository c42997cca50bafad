/** Checks a text and its entities as Telegram does before it posts them. */
import { badRequest } from './bot-api-error.ts'
import type { FormattedText, MessageEntity } from './bot-api-types.ts'
import { detectEntities, touches } from './entity-detection.ts'
import { layOut } from './entity-layout.ts'

/** A text as posted, and what became of entities that were not. */
export interface CheckedText extends FormattedText {
  dropped: number
  conflicting: number
}

/** Longest raw text, in bytes, before anything else is looked at (Client.cpp:11309). */
const MOST_RAW_BYTES = 32_768

/** Throws a 400 for a raw text that is longer than anything Telegram looks into. */
export function checkRawLength(text: string): void {
  if (text.length * 3 > MOST_RAW_BYTES && Buffer.byteLength(text) > MOST_RAW_BYTES) {
    throw badRequest('text is too long')
  }
}

/** Trims the text, lays its entities out and adds those Telegram finds by itself. Offsets must be in bounds. */
export function tidy({ text, entities }: FormattedText): CheckedText {
  const { text: trimmed, entities: shifted } = trim({ text: text.replaceAll('\r', ' '), entities })
  const visible = shifted.filter(
    ({ offset, length }) => length > 0 && /\S/.test(trimmed.slice(offset, offset + length)),
  )
  if (visible.length === 0) {
    return { text: trimmed, entities: detectEntities(trimmed).slice(0, 100), dropped: 0, conflicting: 0 }
  }
  const layout = layOut(visible)
  const solid = layout.entities.filter(({ type }) =>
    ['code', 'pre', 'text_link', 'text_mention'].includes(type),
  )
  const detected = detectEntities(trimmed).filter((entity) => !solid.some((other) => touches(other, entity)))
  const all = [...layout.entities, ...detected.slice(0, 100 - layout.entities.length)]
  all.sort((one, other) => one.offset - other.offset || other.length - one.length)
  return { text: trimmed, entities: all, dropped: layout.dropped, conflicting: layout.conflicting }
}

/** Throws the 400s for an empty or too long text; the length is counted in code points (MessageEntity.cpp). */
export function checkLength(text: string, { most, tooLong }: { most: number; tooLong: string }): void {
  if (text.length > most && [...text].length > most) throw badRequest(tooLong)
}

function trim({ text, entities }: FormattedText): FormattedText {
  const skipped = text.length - text.trimStart().length
  const trimmed = text.trim()
  if (skipped === 0 && trimmed.length === text.length) return { text, entities }
  return { text: trimmed, entities: entities.map((entity) => clip(entity, skipped, trimmed.length)) }
}

function clip(entity: MessageEntity, skipped: number, most: number): MessageEntity {
  const offset = Math.max(0, entity.offset - skipped)
  const end = Math.min(most, entity.offset + entity.length - skipped)
  return { ...entity, offset, length: Math.max(0, end - offset) }
}
