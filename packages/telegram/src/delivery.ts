// What travels through the outbox, as plain JSON, and the Bot API call it becomes.
import type { MessageEntity } from './formatted-text.ts'
import type { JsonObject } from './json-fields.ts'
import { addressParameters, type PlaceAddress } from './place.ts'

/** A text to send. `text` and `entities` are a page of {@link cutPages}. */
export interface SendText extends PlaceAddress {
  method: 'sendMessage'
  chatId: number
  text: string
  entities: MessageEntity[]
  replyToMessageId?: number
}

/** A call of any method of the Bot API, with its parameters as Telegram names them. */
export interface BotCall {
  method: string
  payload: JsonObject
}

/** What travels through the outbox. */
export type Delivery = SendText | BotCall

const FORMATTING = ['entities', 'parse_mode', 'caption_entities']

/** The Bot API call of a delivery. A text shows no link previews, and is sent even if what it replies to is gone. */
export function deliveryCall(delivery: Delivery): BotCall {
  if ('payload' in delivery) return { method: delivery.method, payload: delivery.payload }
  const { method, chatId, text, entities, replyToMessageId } = delivery
  const payload: JsonObject = {
    chat_id: chatId,
    ...addressParameters(delivery),
    text,
    link_preview_options: { is_disabled: true },
  }
  if (entities.length > 0) payload.entities = entities
  if (replyToMessageId !== undefined) {
    payload.reply_parameters = { message_id: replyToMessageId, allow_sending_without_reply: true }
  }
  return { method, payload }
}

/** The same delivery without formatting, for when Telegram refuses its entities. */
export function plainFallback<D extends Delivery>(delivery: D): D {
  if (!('payload' in delivery)) return { ...delivery, entities: [] }
  const kept = Object.entries(delivery.payload).filter(([name]) => !FORMATTING.includes(name))
  return { ...delivery, payload: Object.fromEntries(kept) }
}
