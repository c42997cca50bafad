/** How people forward messages that they see. */
import { SimulatorError } from '../bot-api-error.ts'
import type { Message } from '../bot-api-types.ts'
import { contentOf, hasContent } from '../message-content.ts'
import type { World } from '../world.ts'
import { type MessageContext, placeOf, postByUser } from './phone-post.ts'

/** A message to be forwarded. */
export interface UserForward extends MessageContext {
  messageId: number
  /** Where it stands; by default the chat that it is forwarded to. */
  fromChat?: number | undefined
  /** Its author lets nobody see the account: only a name stands there. */
  isAuthorHidden?: boolean | undefined
}

/** Forwards a message. What was forwarded before keeps its origin; what is said of a channel is the channel's. */
export function forwardMessage(
  world: World,
  { messageId, fromChat, isAuthorHidden = false, ...context }: UserForward,
): Message {
  const { from, bot } = context
  const source = placeOf(world, { from, bot, chat: fromChat ?? context.chat })
  const message = source.place.room.find(messageId)?.message
  if (message === undefined || !hasContent(message)) {
    throw new SimulatorError(`there is no message ${messageId} to forward`)
  }
  const forward_origin = message.forward_origin ?? originOf(message, isAuthorHidden)
  return postByUser(world, context, { ...contentOf(message), forward_origin })
}

/** core.telegram.org/bots/api#messageorigin */
function originOf(message: Message, isHidden: boolean): Record<string, unknown> {
  const { date, from, chat, message_id } = message
  if (chat.type === 'channel') return { type: 'channel', date, chat, message_id }
  if (from === undefined) return { type: 'chat', date, sender_chat: chat }
  const name = [from.first_name, from.last_name].filter((part) => part !== undefined).join(' ')
  return isHidden
    ? { type: 'hidden_user', date, sender_user_name: name }
    : { type: 'user', date, sender_user: from }
}
