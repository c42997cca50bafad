/** Which bots hear of a message, and its updates for them. */
import type { Bot } from './bot.ts'
import type { Message, MessageEntity, Update } from './bot-api-types.ts'
import { isInGroup } from './group.ts'
import { hasContent } from './message-content.ts'
import type { Place, World } from './world.ts'

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
export function audience(world: World, { group }: Place, bot: Bot): Bot[] {
  return group === undefined ? [bot] : [...world.bots.values()].filter(({ id }) => isInGroup(group, id))
}

/** The bots that hear of what only administrators are told: those of the group, and the bot of a private chat. */
export function administrators(world: World, { group }: Place, bot: Bot): Bot[] {
  if (group === undefined) return [bot]
  return [...world.bots.values()].filter(({ id }) => group.members.get(id) === 'administrator')
}

/** Privacy mode: commands, mentions and replies only (core.telegram.org/bots/features#privacy-mode). */
function mayRead(bot: Bot, message: Message): boolean {
  if (message.chat.type === 'private' || bot.user.can_read_all_group_messages === true) return true
  const text = message.text ?? message.caption ?? ''
  const entities: MessageEntity[] = message.entities ?? message.caption_entities ?? []
  const name = `@${bot.user.username}`.toLowerCase()
  return (
    message.from === undefined ||
    !hasContent(message) ||
    message.reply_to_message?.from?.id === bot.id ||
    message.via_bot?.id === bot.id ||
    entities.some(({ type, offset, length }) => {
      const part = text.slice(offset, offset + length).toLowerCase()
      if (type === 'mention') return part === name
      return type === 'bot_command' && (!part.includes('@') || part.endsWith(name))
    })
  )
}
