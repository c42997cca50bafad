/** Methods that change or take away messages: editMessageText, editMessageCaption, editMessageReplyMarkup, deletions. */
import { badRequest } from '../bot-api-error.ts'
import type { Message } from '../bot-api-types.ts'
import { nowMs } from '../clock.ts'
import { readArray, readInteger, readObject } from '../params.ts'
import { editMessage } from '../posting.ts'
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
  const entry = place.room.find(readInteger(params, 'message_id'))
  if (entry === undefined) throw badRequest('message to edit not found')
  if (entry.message.from?.id !== bot.id) throw badRequest("message can't be edited")
  const { reply_markup: _, ...kept } = entry.message
  const after: Message = { ...kept, ...change(entry.message), ...shownMarkup(readReplyMarkup(params)) }
  if (looks(after) === looks(entry.message)) throw badRequest(NOT_MODIFIED)
  return editMessage(world, { bot, place, by: 'bot', entry, after })
}

function looks({
  text,
  entities,
  caption,
  caption_entities,
  reply_markup,
  link_preview_options,
}: Message): string {
  return JSON.stringify([text, entities, caption, caption_entities, reply_markup, link_preview_options])
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

function remove(call: Call, place: Place, entries: PostedMessage[]): void {
  const { bot, world } = call
  for (const entry of entries) entry.deletedAtMs = nowMs()
  bot.ledger.sends.deleted += entries.length
  const messageIds = entries.map(({ message }) => message.message_id)
  if (messageIds.length > 0) {
    world.events.emit({ type: 'delete', botId: bot.id, chatId: place.chat.id, messageIds })
  }
}

function deleteMessage(call: Call): true {
  const place = call.world.placeFor(call.bot, call.params.chat_id)
  const entry = place.room.find(readInteger(call.params, 'message_id'))
  if (entry === undefined) throw badRequest('message to delete not found')
  if (!mayDelete(call, place, entry)) throw badRequest("message can't be deleted")
  remove(call, place, [entry])
  return true
}

function deleteMessages(call: Call): true {
  const place = call.world.placeFor(call.bot, call.params.chat_id)
  const ids = readArray(call.params, 'message_ids') ?? []
  if (ids.length === 0) throw badRequest('message identifiers are not specified')
  if (ids.length > MOST_DELETED) throw badRequest('too many message identifiers specified')
  const entries = ids
    .map((id) => place.room.find(Number(id)))
    .filter((entry): entry is PostedMessage => entry !== undefined && mayDelete(call, place, entry))
  remove(call, place, entries)
  return true
}

/** Methods for edits and deletions. */
export const editMethods: Methods = {
  editMessageText: { cost: 'send', run: editMessageText },
  editMessageCaption: { cost: 'send', run: editMessageCaption },
  editMessageReplyMarkup: { cost: 'send', run: (call) => edit(call, () => ({})) },
  deleteMessage: { cost: 'send', run: deleteMessage },
  deleteMessages: { cost: 'send', run: deleteMessages },
}
