/** Methods that take messages away: deleteMessage, deleteMessages, deleteBusinessMessages. */
import { badRequest } from '../bot-api-error.ts'
import { hasRight } from '../membership.ts'
import { type Params, readArray, readString } from '../params.ts'
import { deleteMessages as takeAway } from '../posting.ts'
import type { PostedMessage } from '../room.ts'
import type { Place } from '../world.ts'
import { readMessageId } from './edit-by-call.ts'
import type { Call, Methods } from './method.ts'

const MOST_DELETED = 100

function mayDelete({ bot }: Call, place: Place, entry: PostedMessage): boolean {
  if (place.group === undefined || entry.message.from?.id === bot.id) return true
  return hasRight(place.group, bot.id, 'can_delete_messages')
}

function deleteMessage(call: Call): true {
  const place = call.world.placeFor(call.bot, call.params.chat_id)
  const entry = place.room.find(readMessageId(call.params))
  if (entry === undefined) throw badRequest('message to delete not found')
  if (!mayDelete(call, place, entry)) throw badRequest("message can't be deleted")
  takeAway(call.world, { bot: call.bot, place, by: 'bot', entries: [entry] })
  return true
}

function idsIn(params: Params): unknown[] {
  const ids = readArray(params, 'message_ids') ?? []
  if (ids.length === 0) throw badRequest('message identifiers are not specified')
  if (ids.length > MOST_DELETED) throw badRequest('too many message identifiers specified')
  return ids
}

function deleteMessages(call: Call): true {
  const { bot, world, params } = call
  const place = world.placeFor(bot, params.chat_id)
  const entries = idsIn(params)
    .map((id) => place.room.find(Number(id)))
    .filter((entry): entry is PostedMessage => entry !== undefined && mayDelete(call, place, entry))
  takeAway(world, { bot, place, by: 'bot', entries })
  return true
}

/** Names no chat: the messages are found by the connection through which they were sent. */
function deleteBusinessMessages({ bot, world, params }: Call): true {
  const ids = new Set(idsIn(params).map(Number))
  const connection = readString(params, 'business_connection_id')
  for (const place of world.privatePlaces(bot)) {
    const entries = place.room
      .all()
      .filter(
        ({ message, deletedAtMs }) =>
          deletedAtMs === undefined &&
          ids.has(message.message_id) &&
          message.business_connection_id === connection,
      )
    takeAway(world, { bot, place, by: 'bot', entries })
  }
  return true
}

/** Methods for deletions. */
export const deleteMethods: Methods = {
  deleteMessage: { cost: 'send', run: deleteMessage },
  deleteMessages: { cost: 'send', run: deleteMessages },
  deleteBusinessMessages: { cost: 'send', run: deleteBusinessMessages },
}
