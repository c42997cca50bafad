/** How people react to messages. */
import { SimulatorError } from '../bot-api-error.ts'
import type { Update } from '../bot-api-types.ts'
import { nowSeconds } from '../clock.ts'
import { REACTIONS } from '../reactions.ts'
import type { PostedMessage } from '../room.ts'
import { administrators } from '../tell-bots.ts'
import type { World } from '../world.ts'
import { placeOf, type Where } from './phone-post.ts'

/** A reaction. */
export interface Reaction extends Where {
  messageId: number
  /** Takes the reaction back without. */
  emoji?: string | undefined
}

/**
 * Reacts to a message: the bot of the private chat, or those that are administrators of the group, get a
 * message_reaction update (in a channel a message_reaction_count, as reactions are anonymous there) if they asked for
 * it. Returns the updates.
 */
export function react(world: World, { messageId, emoji, ...where }: Reaction): Update[] {
  const { place, bot, user } = placeOf(world, where)
  const entry = place.room.find(messageId)
  if (entry === undefined) throw new SimulatorError(`there is no message ${messageId}`)
  if (emoji !== undefined && !REACTIONS.has(emoji)) throw new SimulatorError(`${emoji} is no reaction`)
  const old_reaction = entry.userReactions[user.id] ?? []
  const new_reaction = emoji === undefined ? [] : [{ type: 'emoji', emoji }]
  if (JSON.stringify(old_reaction) === JSON.stringify(new_reaction)) return []
  entry.userReactions[user.id] = new_reaction
  const where_when = { chat: place.chat, message_id: messageId, date: nowSeconds() }
  const content =
    place.chat.type === 'channel'
      ? { message_reaction_count: { ...where_when, reactions: countReactions(entry) } }
      : { message_reaction: { ...where_when, user, old_reaction, new_reaction } }
  world.events.emit({
    type: 'userReaction',
    botId: bot.id,
    chatId: place.chat.id,
    messageId,
    userId: user.id,
    reaction: new_reaction,
  })
  return administrators(world, place, bot)
    .map((told) => told.updates.add(content))
    .filter((update) => update !== undefined)
}

function countReactions({ userReactions }: PostedMessage): { type: unknown; total_count: number }[] {
  const kinds = Object.values(userReactions).flatMap((reactions) =>
    reactions.map((one) => JSON.stringify(one)),
  )
  return [...new Set(kinds)].map((kind) => ({
    type: JSON.parse(kind),
    total_count: kinds.filter((other) => other === kind).length,
  }))
}
