/** Methods that post a message again: copyMessage, copyMessages, forwardMessage, forwardMessages. */
import { badRequest } from '../bot-api-error.ts'
import type { Message } from '../bot-api-types.ts'
import { contentOf, hasContent } from '../message-content.ts'
import { type Params, readArray, readFlag, readInteger } from '../params.ts'
import type { Poll } from '../poll-state.ts'
import { createPoll } from './create-poll.ts'
import type { Call, Methods } from './method.ts'
import { type Destination, destinationOf, post } from './sending.ts'
import { captionFields } from './text-param.ts'

function sourceOf({ bot, world, params }: Call): (id: unknown) => Message | undefined {
  const place = world.placeFor(bot, params.from_chat_id)
  return (id) => place.room.find(Number(id))?.message
}

/** A copy of a poll is a poll of its own, open and without votes. */
function copied(call: Call, message: Message): Record<string, unknown> {
  const content = contentOf(message)
  const state = message.poll === undefined ? undefined : call.world.polls.get((message.poll as Poll).id)
  if (state === undefined) return content
  return { ...content, poll: createPoll(call, { ...state.poll, is_closed: false }) }
}

/** Neither service messages nor, for copies, invoices are posted again. */
function mayRepeat(message: Message, verb: 'copy' | 'forward'): boolean {
  return hasContent(message) && (verb === 'forward' || message.invoice === undefined)
}

function originOf(message: Message): Record<string, unknown> {
  return {
    forward_origin: { type: 'user', sender_user: message.from, date: message.date },
    forward_from: message.from,
    forward_date: message.date,
  }
}

function one(call: Call, verb: 'copy' | 'forward'): { destination: Destination; message: Message } {
  const destination = destinationOf(call)
  const message = sourceOf(call)(readInteger(call.params, 'message_id'))
  if (message === undefined) throw badRequest(`message to ${verb} not found`)
  if (!mayRepeat(message, verb)) {
    throw badRequest(`the message can't be ${verb === 'copy' ? 'copied' : 'forwarded'}`)
  }
  return { destination, message }
}

function copyMessage(call: Call): { message_id: number } {
  const { destination, message } = one(call, 'copy')
  const content = { ...copied(call, message), ...captionFields(call.bot, call.params) }
  return { message_id: post(call, destination, content).message_id }
}

function forwardMessage(call: Call): Message {
  const { destination, message } = one(call, 'forward')
  return post(call, destination, { ...originOf(message), ...contentOf(message) })
}

function many(
  call: Call,
  verb: 'copy' | 'forward',
  fields: (message: Message) => Record<string, unknown>,
): { message_id: number }[] {
  const destination = destinationOf(call)
  const find = sourceOf(call)
  const messages = idsOf(call.params)
    .map(find)
    .filter((message) => message !== undefined)
    .filter((message) => mayRepeat(message, verb))
  if (messages.length === 0) throw badRequest('there are no messages to forward')
  return messages.map((message) => ({ message_id: post(call, destination, fields(message)).message_id }))
}

function copyMessages(call: Call): { message_id: number }[] {
  const withoutCaption = readFlag(call.params, 'remove_caption')
  return many(call, 'copy', (message) => {
    const { caption, caption_entities, ...content } = copied(call, message)
    return withoutCaption ? content : { ...content, caption, caption_entities }
  })
}

function forwardMessages(call: Call): { message_id: number }[] {
  return many(call, 'forward', (message) => ({ ...originOf(message), ...contentOf(message) }))
}

function idsOf(params: Params): unknown[] {
  return readArray(params, 'message_ids') ?? []
}

function itemsOf(params: Params): number {
  return Math.max(1, idsOf(params).length)
}

/** Methods for copies and forwards. */
export const copyMethods: Methods = {
  copyMessage: { cost: 'send', run: copyMessage },
  copyMessages: { cost: 'send', items: itemsOf, run: copyMessages },
  forwardMessage: { cost: 'send', run: forwardMessage },
  forwardMessages: { cost: 'send', items: itemsOf, run: forwardMessages },
}
