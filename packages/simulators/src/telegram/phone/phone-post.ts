/** What all doings of people share: where it happens, and which bots hear of it. */
import type { Bot } from '../bot.ts'
import { SimulatorError } from '../bot-api-error.ts'
import type { Message, User } from '../bot-api-types.ts'
import type { GroupState } from '../group.ts'
import { asReplied, postMessage, threadFields } from '../posting.ts'
import { tellBots } from '../tell-bots.ts'
import type { Place, World } from '../world.ts'

/** Where a person does something. */
export interface Where {
  /** The person's user id. */
  from: number
  /** The chat's id; without, the private chat with the bot. */
  chat?: number | undefined
  /** The bot of a private chat; the first one without. */
  bot?: number | undefined
}

/** What a message may carry beside its content. */
export interface MessageContext extends Where {
  /** A forum's topic, or a topic of the private chat (which begins with its first message). */
  threadId?: number | undefined
  /** Id of the message that is replied to. */
  replyTo?: number | undefined
  /** The part of that message that the person chose; it must stand in its text or caption. */
  quote?: string | undefined
  /** Unix seconds; now without. */
  dateSeconds?: number | undefined
}

/** The place as the person sees it. Throws `SimulatorError` for unknown people and chats. */
export function placeOf(
  world: World,
  { from, chat, bot: botId }: Where,
): { place: Place; bot: Bot; user: User } {
  const { user } = world.user(from)
  const bot = world.bot(botId)
  if (chat === undefined || chat === from) {
    return {
      bot,
      user,
      place: { chat: world.privateChat(user), room: world.room(bot, from), group: undefined },
    }
  }
  const group = world.group(chat)
  if (group.migratedTo !== undefined) throw new SimulatorError(`chat ${chat} became ${group.migratedTo}`)
  if (!group.members.has(from)) group.members.set(from, 'member')
  return { bot, user, place: { chat: group.chat, room: world.room(bot, chat), group } }
}

/** Posts a person's message and tells the bots that may read it. */
export function postByUser(world: World, context: MessageContext, content: Record<string, unknown>): Message {
  const { place, bot, user } = placeOf(world, context)
  if (place.group !== undefined) checkSpeaker(place.group, user)
  const replied = context.replyTo === undefined ? undefined : place.room.find(context.replyTo)?.message
  if (context.replyTo !== undefined && replied === undefined) {
    throw new SimulatorError(`there is no message ${context.replyTo} to reply to`)
  }
  const thread = threadFields(place, checkThread(world, { context, place, bot }), replied)
  const topic = place.chat.is_forum ? thread.message_thread_id : undefined
  // A message in a topic that replies to nothing replies to the topic's first message.
  const shownReply = replied ?? (topic === undefined ? undefined : place.room.find(topic)?.message)
  const message = postMessage(world, {
    bot,
    place,
    by: 'user',
    from: user,
    dateSeconds: context.dateSeconds,
    content: {
      ...thread,
      ...(shownReply && { reply_to_message: asReplied(shownReply) }),
      ...quoteFields(replied, context.quote),
      ...content,
    },
  })
  tellBots(world, { place, bot, kind: 'message', message })
  return message
}

/** What was chosen of a message (core.telegram.org/bots/api#textquote). */
function quoteFields(replied: Message | undefined, quote: string | undefined): Record<string, unknown> {
  if (quote === undefined) return {}
  const position = (replied?.text ?? replied?.caption ?? '').indexOf(quote)
  if (position < 0 || quote === '') throw new SimulatorError('the message does not say what is quoted')
  return { quote: { text: quote, position, is_manual: true } }
}

/** A client offers no input to who was banned or may not write. */
function checkSpeaker(group: GroupState, { id }: User): void {
  const standing = group.members.get(id)
  if (standing === 'kicked') throw new SimulatorError(`user ${id} is banned from ${group.chat.id}`)
  if (standing === 'creator' || standing === 'administrator') return
  const own = standing === 'restricted' ? group.terms.get(id)?.permissions : undefined
  if (own?.can_send_messages === false || group.permissions?.can_send_messages === false) {
    throw new SimulatorError(`user ${id} may not write in ${group.chat.id}`)
  }
}

function checkThread(
  world: World,
  { context, place, bot }: { context: MessageContext; place: Place; bot: Bot },
): number | undefined {
  const { threadId } = context
  if (threadId === undefined) return undefined
  if (place.group === undefined) world.topicsOfPrivateChat(bot, place.chat.id).add(threadId)
  else if (place.chat.is_forum && !place.group.topics.has(threadId)) {
    throw new SimulatorError(`there is no topic ${threadId} in ${place.chat.id}`)
  }
  return threadId
}
