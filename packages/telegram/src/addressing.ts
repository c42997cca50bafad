// Decides whether a message speaks to the bot: groups talk about many things.
import { fieldOf, idOf, objectOf } from './json-fields.ts'
import { leadingCommand, markedTexts } from './message-entity.ts'

/** The bot, as `getMe` gives it. */
export interface BotIdentity {
  id: number
  /** Without the `@`. */
  username: string
}

/**
 * Whether a message is for the bot: always in a private chat and in guest mode; elsewhere when it mentions the bot,
 * replies to it or begins with a command that isn't another bot's.
 */
export function isAddressedToBot(message: unknown, bot: BotIdentity): boolean {
  if (fieldOf(objectOf(message, 'chat'), 'type') === 'private') return true
  if (typeof fieldOf(message, 'guest_query_id') === 'string') return true
  const command = leadingCommand(message)
  if (command !== undefined) {
    const addressee = command.split('@', 2)[1]
    return addressee === undefined || isName(addressee, bot)
  }
  return isMentioned(message, bot) || isReplyTo(message, bot)
}

function isMentioned(message: unknown, bot: BotIdentity): boolean {
  return markedTexts(message).some(({ type, text, entity }) => {
    if (type === 'mention') return isName(text.slice(1), bot)
    if (type === 'bot_command') return isName(text.split('@', 2)[1] ?? '', bot)
    return type === 'text_mention' && idOf(objectOf(entity, 'user'), 'id') === bot.id
  })
}

function isReplyTo(message: unknown, bot: BotIdentity): boolean {
  const replied = objectOf(message, 'reply_to_message')
  // In a topic that the bot opened, every message that replies to nothing replies to the topic's opening.
  if (fieldOf(replied, 'forum_topic_created') !== undefined) return false
  return idOf(objectOf(replied, 'from'), 'id') === bot.id
}

function isName(name: string, { username }: BotIdentity): boolean {
  return username !== '' && name.toLowerCase() === username.toLowerCase()
}
