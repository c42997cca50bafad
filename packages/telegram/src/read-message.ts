// Reads what a message says, without trusting any of it.
import type { Heard, Quotation } from './heard.ts'
import { fileOf } from './heard-files.ts'
import { marksOf } from './heard-marks.ts'
import { fieldOf, idOf, type JsonObject, objectOf } from './json-fields.ts'

/** What a message says; `botId` tells whose words it replies to. Throws nothing. */
export function readMessage(message: unknown, botId: number): Heard {
  const text = fieldOf(message, 'text')
  const caption = fieldOf(message, 'caption')
  const file = fileOf(message)
  const repliesTo = quotationOf(message, botId)
  const forwardedFrom = originOf(objectOf(message, 'forward_origin'))
  return {
    messageId: idOf(message, 'message_id') ?? 0,
    text: typeof text === 'string' ? text : typeof caption === 'string' ? caption : '',
    isCaption: typeof text !== 'string' && typeof caption === 'string',
    files: file ? [file] : [],
    marks: marksOf(message),
    ...(forwardedFrom !== undefined && { forwardedFrom }),
    ...(repliesTo && { repliesTo }),
  }
}

/** What is replied to: a message of the chat, or of another chat, of which Telegram shows less. */
function quotationOf(message: unknown, botId: number): Quotation | undefined {
  const replied = objectOf(message, 'reply_to_message')
  const external = objectOf(message, 'external_reply')
  const quote = fieldOf(objectOf(message, 'quote'), 'text')
  const source = replied ?? external
  if (!source) return undefined
  const file = fileOf(source)
  const said = replied ? readWords(replied) : ''
  const text = typeof quote === 'string' ? quote : said
  if (text === '' && !file) return undefined
  const isBots = replied !== undefined && idOf(objectOf(replied, 'from'), 'id') === botId
  return {
    by: isBots
      ? { bot: true }
      : { name: replied ? speakerOf(replied) : (originOf(objectOf(external, 'origin')) ?? '') },
    text,
    isPart: typeof quote === 'string',
    files: file ? [file] : [],
  }
}

function readWords(message: JsonObject): string {
  const { text, caption } = message
  if (typeof text === 'string') return text
  if (typeof caption === 'string') return caption
  return marksOf(message)
    .map((mark) => mark.text)
    .join('; ')
}

/** Who wrote a message, as its chat shows them: whoever writes for a chat is that chat. '' where it is not known. */
export function speakerOf(message: unknown): string {
  return nameOf(objectOf(message, 'sender_chat') ?? objectOf(message, 'from'))
}

/** Who wrote a forwarded message first (https://core.telegram.org/bots/api#messageorigin). */
function originOf(origin: JsonObject | undefined): string | undefined {
  if (!origin) return undefined
  const hidden = origin.sender_user_name
  if (typeof hidden === 'string') return hidden
  return nameOf(
    objectOf(origin, 'sender_user') ?? objectOf(origin, 'sender_chat') ?? objectOf(origin, 'chat'),
  )
}

function nameOf(who: JsonObject | undefined): string {
  const parts = who ? [who.title, who.first_name, who.last_name] : []
  return parts.filter((part) => typeof part === 'string' && part !== '').join(' ')
}
