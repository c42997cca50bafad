/** The part that all sending methods share: the chat, the thread, what is replied to, the keyboard. */
import { badRequest } from '../bot-api-error.ts'
import type { Message } from '../bot-api-types.ts'
import { readFlag, readInteger, readObject, readString } from '../params.ts'
import { asReplied, postMessage, threadFields } from '../posting.ts'
import type { Place } from '../world.ts'
import type { Call } from './method.ts'
import { readReplyMarkup, shownMarkup } from './reply-markup.ts'

/** Where a call sends to, checked. */
export interface Destination {
  place: Place
  /** Fields that every message of the call carries. */
  shared: Record<string, unknown>
}

/** The General topic has no thread id of its own: naming it is an error. */
const GENERAL_TOPIC = 1

/** Checks chat, thread, reply and keyboard. Throws what Telegram answers. */
export function destinationOf(call: Call): Destination {
  const { bot, world, params } = call
  const place = world.placeFor(bot, params.chat_id)
  const threadId = readThread(call, place)
  const markup = params.reply_markup === undefined ? undefined : readReplyMarkup(params)
  const { replied, quote } = readReply(call, place)
  const connection = readString(params, 'business_connection_id')
  return {
    place,
    shared: {
      ...threadFields(place, threadId, replied),
      ...(replied && { reply_to_message: asReplied(replied) }),
      ...(quote !== undefined && { quote }),
      ...(connection && { business_connection_id: connection }),
      ...(readFlag(params, 'protect_content') && { has_protected_content: true }),
      ...(params.message_effect_id !== undefined && { effect_id: params.message_effect_id }),
      ...shownMarkup(markup),
    },
  }
}

/** Posts one message of the bot. */
export function post(call: Call, { place, shared }: Destination, content: Record<string, unknown>): Message {
  const { bot, world, isPaid } = call
  if (isPaid) bot.ledger.sends.paid++
  return postMessage(world, { bot, place, by: 'bot', from: bot.user, content: { ...shared, ...content } })
}

/** The thread that a call names, checked. Throws "message thread not found". */
export function readThread({ bot, world, params }: Call, place: Place): number | undefined {
  if (params.message_thread_id === undefined) return undefined
  const threadId = readInteger(params, 'message_thread_id')
  if (threadId === undefined || threadId === 0) return undefined
  const isKnown =
    place.chat.type === 'private'
      ? world.topicsOfPrivateChat(bot, place.chat.id).has(threadId)
      : place.chat.is_forum
        ? threadId !== GENERAL_TOPIC && place.group?.topics.has(threadId)
        : place.room.find(threadId) !== undefined
  if (!isKnown) throw badRequest('message thread not found')
  return threadId
}

function readReply({ params }: Call, place: Place): { replied?: Message; quote?: unknown } {
  const reply = readObject(params, 'reply_parameters')
  const messageId = readInteger(reply ?? params, reply === undefined ? 'reply_to_message_id' : 'message_id')
  if (messageId === undefined) return {}
  const replied = place.room.find(messageId)?.message
  if (replied === undefined) {
    if (readFlag(reply ?? params, 'allow_sending_without_reply')) return {}
    throw badRequest('message to be replied not found')
  }
  const quoted = reply === undefined ? undefined : readString(reply, 'quote')
  if (quoted === undefined) return { replied }
  const position = (replied.text ?? replied.caption ?? '').indexOf(quoted)
  if (position < 0) throw badRequest('QUOTE_TEXT_INVALID')
  return { replied, quote: { text: quoted, position, is_manual: true } }
}
