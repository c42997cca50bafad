/** Messages by which a chat tells of what was done in it. */
import type { Bot } from './bot.ts'
import type { Message, User } from './bot-api-types.ts'
import { postMessage } from './posting.ts'
import { tellBots } from './tell-bots.ts'
import type { Place, World } from './world.ts'

/** What is told, and who did it. */
export interface ServiceMessage {
  bot: Bot
  place: Place
  from: User
  content: Record<string, unknown>
}

/**
 * Posts it; the bots of the chat hear of it, also the one that did it (tdlib/telegram-bot-api Client.cpp,
 * need_skip_update_message). Undefined in a channel: who comes and goes is not told there.
 */
export function postService(
  world: World,
  { bot, place, from, content }: ServiceMessage,
): Message | undefined {
  const isOfMembers = content.new_chat_members !== undefined || content.left_chat_member !== undefined
  const isChannel = place.chat.type === 'channel'
  if (isChannel && isOfMembers) return undefined
  const message = postMessage(world, { bot, place, by: 'service', from, content })
  tellBots(world, { place, bot, kind: isChannel ? 'channel_post' : 'message', message })
  return message
}
