// What travels through the outbox, as plain JSON. `deliveryCall` makes the Bot API call of it.
import type { CallFile, FileSource } from './file-source.ts'
import type { FormattedText, MessageEntity } from './formatted-text.ts'
import type { InlineKeyboard } from './inline-keyboard.ts'
import type { JsonObject } from './json-fields.ts'
import type { PlaceAddress } from './place.ts'

export type { InlineKeyboard } from './inline-keyboard.ts'

/** What every message that is sent may have. */
interface Sent extends PlaceAddress {
  chatId: number
  /** The message goes out also where this one is gone. */
  replyToMessageId?: number
}

/** A file with what stands under it: at most {@link CAPTION_MAX_UNITS}, and 100 entities. */
interface SentFile extends Sent {
  file: FileSource
  caption?: FormattedText
  keyboard?: InlineKeyboard
}

/** The longest caption, in UTF-16 units; Telegram counts code points, of which there are never more. */
export const CAPTION_MAX_UNITS = 1024

/** A text to send, without link previews. `text` and `entities` are a page of `cutPages`. */
export interface SendText extends Sent {
  method: 'sendMessage'
  text: string
  entities: MessageEntity[]
  keyboard?: InlineKeyboard
}

/** A photo to send. */
export interface SendPhoto extends SentFile {
  method: 'sendPhoto'
}

/** A file to send as it is. */
export interface SendDocument extends SentFile {
  method: 'sendDocument'
}

/** A voice message to send: Opus in an OGG file, or MP3 or M4A; else it arrives as a document. */
export interface SendVoice extends SentFile {
  method: 'sendVoice'
}

/** A part of an album. Documents stand only beside documents. */
export interface AlbumItem {
  type: 'photo' | 'document'
  file: FileSource
  caption?: FormattedText
}

/** An album of 2–10 items. It has no keyboard; a caption of its own is the first item's. */
export interface SendAlbum extends Sent {
  method: 'sendMediaGroup'
  items: AlbumItem[]
}

/** A bot's reaction to a message: one of Telegram's emoji, or none any more. */
export interface React extends PlaceAddress {
  method: 'setMessageReaction'
  chatId: number
  messageId: number
  emoji?: string
}

/** A text message's new text. Without `keyboard` its buttons vanish. */
export interface EditText extends PlaceAddress {
  method: 'editMessageText'
  chatId: number
  messageId: number
  text: string
  entities: MessageEntity[]
  keyboard?: InlineKeyboard
}

/** Messages to take away, 1–100. Those that are gone already are skipped. */
export interface DeleteMessages extends PlaceAddress {
  method: 'deleteMessages'
  chatId: number
  messageIds: number[]
}

/** A call of any method of the Bot API, with its parameters as Telegram names them. */
export interface BotCall {
  method: string
  payload: JsonObject
  /** Goes out as multipart/form-data with these. */
  files?: CallFile[]
}

/** A call that someone made and waits for: it goes out as it is, or is refused as it is. */
export interface AuthorCall {
  method: string
  payload: JsonObject
  isAuthors: true
  /** Its files are with whoever made it, who sends them when told. */
  isUpload?: true
  /** A turn makes it: whoever runs the turn next holds its files again. */
  isOfTurn?: true
}

/** Deliveries whose fields are ours, not Telegram's. They have a `chatId` and no `payload`. */
export type TypedDelivery =
  | SendText
  | SendPhoto
  | SendDocument
  | SendVoice
  | SendAlbum
  | React
  | EditText
  | DeleteMessages

/** What travels through the outbox. */
export type Delivery = TypedDelivery | BotCall
