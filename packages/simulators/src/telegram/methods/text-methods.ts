/** Methods that show texts and signs of life: sendMessage, sendMessageDraft, sendChatAction, setMessageReaction. */
import { badRequest } from '../bot-api-error.ts'
import { nowMs } from '../clock.ts'
import { isObject, readArray, readFlag, readInteger, readObject, readString } from '../params.ts'
import { REACTIONS } from '../reactions.ts'
import type { Call, Methods } from './method.ts'
import { destinationOf, post, readThread } from './sending.ts'
import { readFormatted, readMessageText } from './text-param.ts'

const ACTIONS = new Set([
  'typing',
  'upload_photo',
  'record_video',
  'upload_video',
  'record_voice',
  'upload_voice',
  'upload_document',
  'choose_sticker',
  'find_location',
  'record_video_note',
  'upload_video_note',
])

function sendMessage(call: Call): unknown {
  const { bot, params } = call
  const destination = destinationOf(call)
  const { text, entities } = readMessageText(bot, params)
  const preview = readObject(params, 'link_preview_options')
  return post(call, destination, {
    text,
    ...(entities.length > 0 && { entities }),
    ...(preview && { link_preview_options: preview }),
  })
}

function sendMessageDraft(call: Call): true {
  const { bot, world, params } = call
  const place = world.placeFor(bot, params.chat_id)
  if (place.chat.type !== 'private') throw badRequest('method is available only in private chats')
  const draftId = readInteger(params, 'draft_id')
  if (draftId === undefined || draftId === 0) throw badRequest('DRAFT_ID_INVALID')
  const messageThreadId = readThread(call, place)
  const { text, entities } = readFormatted(bot, params, 'text')
  const canStop = readFlag(params, 'can_stop')
  const draft = { draftId, text, entities, messageThreadId, canStop }
  const isSeen = place.room.showDraft({
    ...draft,
    keepOnStop: readFlag(params, 'keep_on_stop'),
    atMs: nowMs(),
  })
  if (isSeen) world.events.emit({ type: 'draft', botId: bot.id, chatId: place.chat.id, ...draft })
  return true
}

function sendChatAction(call: Call): true {
  const { bot, world, params } = call
  const place = world.placeFor(bot, params.chat_id)
  const action = readString(params, 'action') ?? ''
  if (!ACTIONS.has(action)) throw badRequest('wrong parameter action in request')
  const messageThreadId = readThread(call, place)
  place.room.show(place.room.actions, { action, messageThreadId, atMs: nowMs() })
  world.events.emit({ type: 'action', botId: bot.id, chatId: place.chat.id, messageThreadId, action })
  return true
}

function setMessageReaction({ bot, world, params }: Call): true {
  const place = world.placeFor(bot, params.chat_id)
  const messageId = readInteger(params, 'message_id')
  const entry = place.room.find(messageId)
  if (messageId === undefined || entry === undefined) throw badRequest('message to react not found')
  const reaction = readArray(params, 'reaction') ?? []
  if (reaction.length > 1) throw badRequest('REACTIONS_TOO_MANY')
  if (!reaction.every(isKnownReaction)) throw badRequest('REACTION_INVALID')
  entry.reaction = reaction
  world.events.emit({ type: 'reaction', botId: bot.id, chatId: place.chat.id, messageId, reaction })
  return true
}

function isKnownReaction(reaction: unknown): boolean {
  if (!isObject(reaction)) return false
  return reaction.type === 'emoji' ? REACTIONS.has(String(reaction.emoji)) : reaction.type === 'custom_emoji'
}

/** Methods for texts, drafts, actions and reactions. */
export const textMethods: Methods = {
  sendMessage: { cost: 'send', run: sendMessage },
  sendMessageDraft: { cost: 'action', run: sendMessageDraft },
  sendChatAction: { cost: 'action', run: sendChatAction },
  setMessageReaction: { cost: 'free', run: setMessageReaction },
}
