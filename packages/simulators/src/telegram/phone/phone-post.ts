/** What all doings of people share: where it happens, and which bots hear of it. */
import type { Bot } from '../bot.ts'
import { SimulatorError } from '../bot-api-error.ts'
import type { Message, MessageEntity, Update, User } from '../bot-api-types.ts'
import { asReplied, postMessage, threadFields } from '../posting.ts'
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
    content: { ...thread, ...(shownReply && { reply_to_message: asReplied(shownReply) }), ...content },
  })
  tellBots(world, { place, bot, kind: 'message', message })
  return message
}

/** Makes the update for every bot of the chat that may read the message. */
export function tellBots(
  world: World,
  { place, bot, kind, message }: { place: Place; bot: Bot; kind: string; message: Message },
): Update[] {
  return audience(world, place, bot)
    .filter((reader) => mayRead(reader, message))
    .map((reader) => reader.updates.add({ [kind]: message }))
    .filter((update) => update !== undefined)
}

/** The bots that are in the chat. */
export function audience(world: World, place: Place, bot: Bot): Bot[] {
  const { group } = place
  if (group === undefined) return [bot]
  return [...world.bots.values()].filter(({ id }) => {
    const status = group.members.get(id)
    return status === 'member' || status === 'administrator'
  })
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

/** A message without any of them is a service message, which every bot sees. */
const CONTENT = ['text', 'caption', 'photo', 'document', 'voice']

/** Privacy mode: commands, mentions and replies only (core.telegram.org/bots/features#privacy-mode). */
function mayRead(bot: Bot, message: Message): boolean {
  if (message.chat.type === 'private' || bot.user.can_read_all_group_messages === true) return true
  const text = message.text ?? message.caption ?? ''
  const entities: MessageEntity[] = message.entities ?? message.caption_entities ?? []
  const name = `@${bot.user.username}`.toLowerCase()
  return (
    message.from === undefined ||
    CONTENT.every((field) => message[field] === undefined) ||
    message.reply_to_message?.from?.id === bot.id ||
    entities.some(({ type, offset, length }) => {
      const part = text.slice(offset, offset + length).toLowerCase()
      if (type === 'mention') return part === name
      return type === 'bot_command' && (!part.includes('@') || part.endsWith(name))
    })
  )
}
