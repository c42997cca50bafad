/** What people write: texts, replies, edits, files, albums. */
import { SimulatorError } from '../bot-api-error.ts'
import type { Message, MessageEntity } from '../bot-api-types.ts'
import { detectEntities, touches } from '../entity-detection.ts'
import { MEDIA_KINDS, type MediaDetails, type MediaKind, storeMedia } from '../media.ts'
import { editMessage } from '../posting.ts'
import { tellBots } from '../tell-bots.ts'
import type { World } from '../world.ts'
import { type MessageContext, placeOf, postByUser, type Where } from './phone-post.ts'

/** A text to be sent. */
export interface UserText extends MessageContext {
  text: string
  /** Formatting by hand; commands, mentions, hashtags and addresses are found as a client finds them. */
  entities?: MessageEntity[] | undefined
}

/** A file to be sent: its bytes, in JSON as base64. */
export interface UserFile extends MessageContext {
  kind: MediaKind
  bytes?: Uint8Array | undefined
  base64?: string | undefined
  fileName?: string | undefined
  caption?: string | undefined
  details?: MediaDetails | undefined
}

/** Files to be sent as an album. */
export interface UserAlbum extends MessageContext {
  items: Pick<UserFile, 'kind' | 'bytes' | 'base64' | 'fileName' | 'caption'>[]
}

/** The longest message that a client sends; it cuts longer input. */
const MOST_UNITS = 4096

/** Sends a text of at most 4096 characters. */
export function sendText(world: World, { text, entities, ...context }: UserText): Message {
  if (text.length > MOST_UNITS) throw new SimulatorError('a client cuts such a text: use sendLongText')
  return postByUser(world, context, textFields('text', text, entities))
}

/** Sends a text as a client does: cut into messages of 4096 characters. */
export function sendLongText(world: World, { text, entities: _, ...context }: UserText): Message[] {
  const messages: Message[] = []
  for (let at = 0; at < text.length; ) {
    const splitsSymbol = /[\ud800-\udbff]/.test(text[at + MOST_UNITS - 1] ?? '')
    const end = at + MOST_UNITS - (splitsSymbol ? 1 : 0)
    messages.push(sendText(world, { ...context, text: text.slice(at, end) }))
    at = end
  }
  return messages
}

/** Changes an own message; the bots get an edited_message update. */
export function editText(
  world: World,
  { messageId, text, ...where }: Where & { messageId: number; text: string },
): Message {
  const { place, bot } = placeOf(world, where)
  const entry = place.room.find(messageId)
  if (entry === undefined || entry.message.from?.id !== where.from) {
    throw new SimulatorError(`message ${messageId} is not there or not ${where.from}'s`)
  }
  const field = entry.message.text === undefined ? 'caption' : 'text'
  const { entities: _, caption_entities: __, ...kept } = entry.message
  const after: Message = { ...kept, ...textFields(field, text, undefined) }
  const message = editMessage(world, { bot, place, by: 'user', entry, after })
  tellBots(world, { place, bot, kind: 'edited_message', message })
  return message
}

/** Sends a file of any kind. */
export function sendFile(world: World, file: UserFile): Message {
  return postByUser(world, file, fileFields(world, file))
}

/** Sends an album: a message and an update for each item, with one media_group_id. */
export function sendAlbum(world: World, { items, ...context }: UserAlbum): Message[] {
  const mediaGroupId = `2${String(world.nextSerial()).padStart(16, '0')}`
  return items.map((item) =>
    postByUser(world, context, { media_group_id: mediaGroupId, ...fileFields(world, item) }),
  )
}

function fileFields(world: World, file: Omit<UserFile, 'from'>): Record<string, unknown> {
  const bytes = Buffer.from(file.bytes ?? Buffer.from(file.base64 ?? '', 'base64'))
  const fileName = file.fileName ?? MEDIA_KINDS[file.kind].fileName
  return {
    ...storeMedia(world.files, { kind: file.kind, file: { bytes, fileName }, details: file.details ?? {} }),
    ...(file.caption && textFields('caption', file.caption, undefined)),
  }
}

function textFields(
  field: 'text' | 'caption',
  text: string,
  given: MessageEntity[] | undefined,
): Record<string, unknown> {
  const formatted = given ?? []
  const found = detectEntities(text).filter(
    (entity) => !formatted.some((other) => ['code', 'pre'].includes(other.type) && touches(other, entity)),
  )
  const entities = [...formatted, ...found].sort((one, other) => one.offset - other.offset)
  const name = field === 'text' ? 'entities' : 'caption_entities'
  return { [field]: text, ...(entities.length > 0 && { [name]: entities }) }
}
