/** Methods that change or take away messages: editMessageText, editMessageCaption, editMessageReplyMarkup, deletions. */
import { badRequest } from '../bot-api-error.ts'
import type { Message } from '../bot-api-types.ts'
import { isObject, type Params, readArray, readInteger, readObject, readString } from '../params.ts'
import { editMessage, deleteMessages as takeAway } from '../posting.ts'
import type { PostedMessage } from '../room.ts'
import type { Place } from '../world.ts'
import type { Call, Methods } from './method.ts'
import { readReplyMarkup, shownMarkup } from './reply-markup.ts'
import { captionFields, readMessageText } from './text-param.ts'

const NOT_MODIFIED =
  'message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message'
const MOST_DELETED = 100

/** Edits by `change`, which gives the fields that are replaced; the keyboard is always replaced. */
function edit(call: Call, change: (message: Message) => Partial<Message>): Message | true {
  const { bot, world, params } = call
  // Messages sent in inline mode are nowhere in the simulator's chats: only the budget is judged.
  if (params.inline_message_id !== undefined) return true
  const place = world.placeFor(bot, params.chat_id)
  const entry = place.room.find(idIn(params))
  if (entry === undefined) throw badRequest('message to edit not found')
  if (entry.message.from?.id !== bot.id) throw badRequest("message can't be edited")
  const { reply_markup: _, ...kept } = entry.message
  const after: Message = { ...kept, ...change(entry.message), ...shownMarkup(readReplyMarkup(params)) }
  if (looks(after) === looks(entry.message)) throw badRequest(NOT_MODIFIED)
  return editMessage(world, { bot, place, by: 'bot', entry, after })
}

/** The id of the message that is meant. Throws where there is none. */
function idIn(params: Params): number {
  const id = readInteger(params, 'message_id')
  if (id === undefined || id <= 0) throw badRequest('message identifier is not specified')
  return id
}

/** What two equal contents have in common. Without a link there is no preview whose options could differ. */
function looks(message: Message): string {
  const { text, entities, caption, caption_entities, reply_markup, link_preview_options } = message
  const hasLink = entities?.some(({ type }) => type === 'url' || type === 'text_link') === true
  const preview = hasLink ? link_preview_options : undefined
  return JSON.stringify(inOrder([text, entities, caption, caption_entities, reply_markup, preview]))
}

/** The same value with its fields in the order of their names: clients write them in any. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder)
  if (!isObject(value)) return value
  const fields = Object.entries(value).map(([name, field]) => [name, inOrder(field)] as const)
  return Object.fromEntries(fields.sort(([one], [other]) => (one < other ? -1 : 1)))
}

function editMessageText(call: Call): Message | true {
  return edit(call, (message) => {
    if (message.text === undefined) throw badRequest('there is no text in the message to edit')
    const { text, entities } = readMessageText(call.bot, call.params)
    const preview = readObject(call.params, 'link_preview_options')
    return {
      text,
      entities: entities.length > 0 ? entities : undefined,
      link_preview_options: preview,
    }
  })
}

function editMessageCaption(call: Call): Message | true {
  return edit(call, (message) => {
    if (message.text !== undefined) throw badRequest('there is no caption in the message to edit')
    return { caption: undefined, caption_entities: undefined, ...captionFields(call.bot, call.params) }
  })
}

function mayDelete({ bot }: Call, place: Place, entry: PostedMessage): boolean {
  if (place.group === undefined || entry.message.from?.id === bot.id) return true
  return place.group.members.get(bot.id) === 'administrator'
}

function deleteMessage(call: Call): true {
  const place = call.world.placeFor(call.bot, call.params.chat_id)
  const entry = place.room.find(idIn(call.params))
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

/** Methods for edits and deletions. */
export const editMethods: Methods = {
  editMessageText: { cost: 'send', run: editMessageText },
  editMessageCaption: { cost: 'send', run: editMessageCaption },
  editMessageReplyMarkup: { cost: 'send', run: (call) => edit(call, () => ({})) },
  deleteMessage: { cost: 'send', run: deleteMessage },
  deleteMessages: { cost: 'send', run: deleteMessages },
  deleteBusinessMessages: { cost: 'send', run: deleteBusinessMessages },
}
