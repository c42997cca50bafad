// The same delivery without formatting, for when Telegram refuses its entities.
import type { Delivery } from './delivery.ts'
import type { FormattedText } from './formatted-text.ts'
import { isJsonObject, type JsonObject } from './json-fields.ts'

const FORMATTING = ['entities', 'parse_mode', 'caption_entities', 'explanation_entities', 'quote_entities']
/** Parameters that hold texts of their own. */
const NESTED = ['media', 'reply_parameters']

/** The same delivery without formatting; an equal one where it has none. */
export function plainFallback<D extends Delivery>(delivery: D): D
export function plainFallback(delivery: Delivery): Delivery {
  if ('payload' in delivery) return { ...delivery, payload: plainPayload(delivery.payload) }
  switch (delivery.method) {
    case 'sendMessage':
    case 'editMessageText':
      return { ...delivery, entities: [] }
    case 'sendPhoto':
    case 'sendDocument':
    case 'sendVoice':
      return { ...delivery, ...plainCaption(delivery.caption) }
    case 'sendMediaGroup':
      return {
        ...delivery,
        items: delivery.items.map((item) => ({ ...item, ...plainCaption(item.caption) })),
      }
    case 'setMessageReaction':
    case 'deleteMessages':
      return { ...delivery }
  }
}

function plainCaption(caption: FormattedText | undefined): { caption?: FormattedText } {
  return caption === undefined ? {} : { caption: { text: caption.text, entities: [] } }
}

function plainPayload(payload: JsonObject): JsonObject {
  const kept = Object.entries(payload).filter(([name]) => !FORMATTING.includes(name))
  return Object.fromEntries(
    kept.map(([name, value]) => [name, NESTED.includes(name) ? plainNested(value) : value]),
  )
}

function plainNested(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainNested)
  return isJsonObject(value) ? plainPayload(value) : value
}
