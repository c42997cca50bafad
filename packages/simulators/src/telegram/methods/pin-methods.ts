/** Methods for pinned messages: pinChatMessage, unpinChatMessage, unpinAllChatMessages. */
import { badRequest } from '../bot-api-error.ts'
import { hasRight } from '../membership.ts'
import { readInteger } from '../params.ts'
import { asReplied } from '../posting.ts'
import { postService } from '../service-message.ts'
import type { Place } from '../world.ts'
import type { Call, Methods } from './method.ts'

function checkPin({ bot }: Call, { group }: Place): void {
  if (group !== undefined && !hasRight(group, bot.id, 'can_pin_messages')) {
    throw badRequest('not enough rights to manage pinned messages in the chat')
  }
}

function pinChatMessage(call: Call): true {
  const { bot, world, params } = call
  const place = world.placeFor(bot, params.chat_id)
  const entry = place.room.find(readInteger(params, 'message_id'))
  if (entry === undefined) throw badRequest('message to pin not found')
  checkPin(call, place)
  const { message } = entry
  if (place.room.pinned.has(message.message_id)) return true
  place.room.pinned.add(message.message_id)
  postService(world, { bot, place, from: bot.user, content: { pinned_message: asReplied(message) } })
  return true
}

/** Without an id: the newest of the pinned ones. */
function unpinChatMessage(call: Call): true {
  const { bot, world, params } = call
  const { room, ...place } = world.placeFor(bot, params.chat_id)
  const messageId = readInteger(params, 'message_id')
  const entry = messageId === undefined ? room.newestPinned() : room.find(messageId)
  if (entry === undefined) throw badRequest('message to unpin not found')
  checkPin(call, { room, ...place })
  room.pinned.delete(entry.message.message_id)
  return true
}

function unpinAllChatMessages(call: Call): true {
  const place = call.world.placeFor(call.bot, call.params.chat_id)
  checkPin(call, place)
  place.room.pinned.clear()
  return true
}

/** Methods for pinned messages. */
export const pinMethods: Methods = {
  pinChatMessage: { cost: 'free', run: pinChatMessage },
  unpinChatMessage: { cost: 'free', run: unpinChatMessage },
  unpinAllChatMessages: { cost: 'free', run: unpinAllChatMessages },
}
