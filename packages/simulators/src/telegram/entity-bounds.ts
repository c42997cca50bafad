/** Refuses entities that Telegram refuses (td/telegram/MessageEntity.cpp, clean_input_string_with_entities). */
import { badRequest } from './bot-api-error.ts'
import type { MessageEntity } from './bot-api-types.ts'

/** Types that a bot may give. */
const GIVEN = new Set([
  'bold',
  'italic',
  'underline',
  'strikethrough',
  'spoiler',
  'code',
  'pre',
  'text_link',
  'text_mention',
  'custom_emoji',
  'blockquote',
  'expandable_blockquote',
  'date_time',
])
/** Types that Telegram finds by itself and ignores when given (Client.cpp get_text_entity_type). */
const FOUND = new Set([
  'mention',
  'hashtag',
  'cashtag',
  'bot_command',
  'url',
  'email',
  'phone_number',
  'bank_card_number',
])
const FARTHEST = 1_000_000

/** The entities of a call, checked against the text they are for. Throws a 400. */
export function readEntities(given: readonly unknown[], text: string): MessageEntity[] {
  const entities: MessageEntity[] = []
  for (const value of given) {
    const entity = readEntity(value)
    if (entity === undefined) continue
    checkBounds(entity, text)
    entities.push(entity)
  }
  return entities
}

function readEntity(value: unknown): MessageEntity | undefined {
  const refuse = (reason: string) => badRequest(`can't parse MessageEntity: ${reason}`)
  if (typeof value !== 'object' || value === null) throw refuse('expected an Object')
  const entity = value as MessageEntity
  for (const field of ['offset', 'length'] as const) {
    if (entity[field] === undefined) throw refuse(`Can't find field "${field}"`)
    if (!Number.isInteger(entity[field])) throw refuse(`Field "${field}" must be of type Number`)
  }
  if (typeof entity.type !== 'string') throw refuse('Can\'t find field "type"')
  if (FOUND.has(entity.type)) return undefined
  if (!GIVEN.has(entity.type)) throw refuse('Unsupported type specified')
  const needed = {
    text_link: 'url',
    text_mention: 'user',
    custom_emoji: 'custom_emoji_id',
    date_time: 'unix_time',
  }[entity.type]
  if (needed !== undefined && entity[needed] === undefined) throw refuse(`Can't find field "${needed}"`)
  return { ...entity }
}

function checkBounds({ offset, length }: MessageEntity, text: string): void {
  if (offset < 0 || offset > FARTHEST) throw badRequest(`receive an entity with incorrect offset ${offset}`)
  if (length < 0 || length > FARTHEST) throw badRequest(`receive an entity with incorrect length ${length}`)
  if (length === 0) return
  const end = offset + length
  if (offset >= text.length) {
    throw badRequest(`entity begins after the end of the text at UTF-16 offset ${offset}`)
  }
  if (isInsideSymbol(text, offset)) {
    throw badRequest(`entity begins in a middle of a UTF-16 symbol at byte offset ${bytesTo(text, offset)}`)
  }
  const start = `entity beginning at UTF-16 offset ${offset}`
  if (end > text.length) throw badRequest(`${start} ends after the end of the text at UTF-16 offset ${end}`)
  if (isInsideSymbol(text, end)) {
    throw badRequest(`${start} ends in a middle of a UTF-16 symbol at byte offset ${bytesTo(text, end)}`)
  }
}

function isInsideSymbol(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1)
  const after = text.charCodeAt(at)
  return before >= 0xd800 && before <= 0xdbff && after >= 0xdc00 && after <= 0xdfff
}

/** Telegram tells the place behind the symbol, in bytes of UTF-8. */
function bytesTo(text: string, insideSymbolAt: number): number {
  return Buffer.byteLength(text.slice(0, insideSymbolAt + 1))
}
