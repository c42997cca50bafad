/** The part that all editing methods share: which message, whether the bot may, whether anything changes. */
import { badRequest } from '../bot-api-error.ts'
import type { Message } from '../bot-api-types.ts'
import { contentOf } from '../message-content.ts'
import { isObject, type Params, readInteger, readString } from '../params.ts'
import { editMessage } from '../posting.ts'
import type { PostedMessage } from '../room.ts'
import type { Place } from '../world.ts'
import type { Call } from './method.ts'
import { readReplyMarkup, shownMarkup } from './reply-markup.ts'

const NOT_MODIFIED =
  'message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message'

/** Edits by `change`, which gives the fields that are replaced; the keyboard is always replaced. Throws 400s. */
export function editByCall(call: Call, change: (message: Message) => Partial<Message>): Message | true {
  const { bot, world, params } = call
  const inlineMessageId = readString(params, 'inline_message_id')
  if (inlineMessageId !== undefined) {
    const target = world.inlineMessages.get(inlineMessageId)
    // Those of guest queries are nowhere in the simulator's chats: only the budget is judged.
    if (target === undefined) return true
    if (target.botId !== bot.id) throw badRequest('MESSAGE_ID_INVALID')
    edit(call, target, change)
    return true
  }
  const place = world.placeFor(bot, params.chat_id)
  const entry = place.room.find(readMessageId(params))
  if (entry === undefined) throw badRequest('message to edit not found')
  if (entry.message.from?.id !== bot.id) throw badRequest("message can't be edited")
  return edit(call, { place, entry }, change)
}

/** The id of the message that is meant. Throws where there is none. */
export function readMessageId(params: Params): number {
  const id = readInteger(params, 'message_id')
  if (id === undefined || id <= 0) throw badRequest('message identifier is not specified')
  return id
}

function edit(
  { bot, world, params }: Call,
  { place, entry }: { place: Place; entry: PostedMessage },
  change: (message: Message) => Partial<Message>,
): Message {
  const { reply_markup: _, ...kept } = entry.message
  const after: Message = { ...kept, ...change(entry.message), ...shownMarkup(readReplyMarkup(params)) }
  if (looks(after) === looks(entry.message)) throw badRequest(NOT_MODIFIED)
  return editMessage(world, { bot, place, by: 'bot', entry, after })
}

/** What two equal contents have in common. Without a link there is no preview whose options could differ. */
function looks(message: Message): string {
  const { link_preview_options: preview, ...content } = contentOf(message)
  const hasLink = message.entities?.some(({ type }) => type === 'url' || type === 'text_link') === true
  return JSON.stringify(inOrder([content, message.reply_markup, hasLink ? preview : undefined]))
}

/** The same value with its fields in the order of their names: clients write them in any. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder)
  if (!isObject(value)) return value
  const fields = Object.entries(value).map(([name, field]) => [name, inOrder(field)] as const)
  return Object.fromEntries(fields.sort(([one], [other]) => (one < other ? -1 : 1)))
}
