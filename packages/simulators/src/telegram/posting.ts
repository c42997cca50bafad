/** Puts messages into chats, changes them and takes them away, whoever does it. */
import type { Bot } from './bot.ts'
import type { Message, User } from './bot-api-types.ts'
import { nowMs, nowSeconds } from './clock.ts'
import type { PostedMessage } from './room.ts'
import type { Place, World } from './world.ts'

/** A message to be posted. */
export interface Draft {
  bot: Bot
  place: Place
  by: PostedMessage['by']
  from: User | undefined
  /** The fields that make its content, threads and replies included. */
  content: Record<string, unknown>
  dateSeconds?: number | undefined
}

/** Gives the message its id and shows it. */
export function postMessage(world: World, { bot, place, by, from, content, dateSeconds }: Draft): Message {
  const message: Message = {
    message_id: place.room.nextMessageId(),
    from,
    chat: place.chat,
    date: dateSeconds ?? nowSeconds(),
    ...content,
  }
  const entry = place.room.post(message, by)
  const { poll } = message as { poll?: { id: string } }
  if (poll !== undefined) world.polls.get(poll.id)?.shownIn.push(entry)
  if (by === 'bot') bot.ledger.sends.posted++
  world.events.emit({
    type: 'message',
    by,
    botId: bot.id,
    chatId: place.chat.id,
    messageThreadId: message.message_thread_id,
    message,
  })
  return message
}

/** Replaces a message by what it is after an edit. */
export function editMessage(
  world: World,
  {
    bot,
    place,
    by,
    entry,
    after,
  }: { bot: Bot; place: Place; by: 'bot' | 'user'; entry: PostedMessage; after: Message },
): Message {
  const message: Message = { ...after, edit_date: nowSeconds() }
  place.room.edit(entry, message)
  if (by === 'bot') bot.ledger.sends.edited++
  world.events.emit({
    type: 'edit',
    by,
    botId: bot.id,
    chatId: place.chat.id,
    messageThreadId: message.message_thread_id,
    message,
  })
  return message
}

/** Takes messages away. */
export function deleteMessages(
  world: World,
  { bot, place, by, entries }: { bot: Bot; place: Place; by: 'bot' | 'user'; entries: PostedMessage[] },
): void {
  if (entries.length === 0) return
  for (const entry of entries) entry.deletedAtMs = nowMs()
  if (by === 'bot') bot.ledger.sends.deleted += entries.length
  const messageIds = entries.map(({ message }) => message.message_id)
  world.events.emit({ type: 'delete', by, botId: bot.id, chatId: place.chat.id, messageIds })
}

/** A message as it stands within another: without what it replies to itself. */
export function asReplied(message: Message): Message {
  const { reply_to_message: _, ...replied } = message
  return replied
}

/**
 * The thread that a message belongs to: a topic's id, or, in a supergroup without topics, the id of the message
 * with which its chain of replies began.
 */
export function threadFields(
  place: Place,
  threadId: number | undefined,
  replied: Message | undefined,
): Pick<Message, 'message_thread_id' | 'is_topic_message'> {
  if (threadId !== undefined) {
    const isTopic = place.chat.type === 'private' || place.chat.is_forum === true
    return { message_thread_id: threadId, ...(isTopic && { is_topic_message: true as const }) }
  }
  if (replied === undefined) return {}
  if (replied.is_topic_message === true) {
    return { message_thread_id: replied.message_thread_id, is_topic_message: true }
  }
  if (place.chat.type !== 'supergroup' || place.chat.is_forum === true) return {}
  return { message_thread_id: replied.message_thread_id ?? replied.message_id }
}
