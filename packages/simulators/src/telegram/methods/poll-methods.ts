/** Methods for polls: sendPoll, stopPoll. */
import { badRequest } from '../bot-api-error.ts'
import type { Message } from '../bot-api-types.ts'
import { readInteger } from '../params.ts'
import { type Poll, showPoll } from '../poll-state.ts'
import { createPoll } from './create-poll.ts'
import type { Call, Methods } from './method.ts'
import { readPoll } from './poll-params.ts'
import { readReplyMarkup, shownMarkup } from './reply-markup.ts'
import { destinationOf, post } from './sending.ts'

function sendPoll(call: Call): Message {
  const given = readPoll(call.bot, call.params)
  const destination = destinationOf(call)
  return post(call, destination, { poll: createPoll(call, given) })
}

/** The message keeps its date of edit; its keyboard is replaced. */
function stopPoll({ bot, world, params }: Call): Poll {
  const markup = readReplyMarkup(params)
  const place = world.placeFor(bot, params.chat_id)
  const entry = place.room.find(readInteger(params, 'message_id'))
  if (entry === undefined) throw badRequest('message with poll to stop not found')
  const state = world.polls.get((entry.message.poll as Poll | undefined)?.id ?? '')
  if (state === undefined) throw badRequest('message is not a poll')
  if (entry.message.from?.id !== bot.id || entry.message.forward_origin !== undefined) {
    throw badRequest("poll can't be stopped")
  }
  if (state.poll.is_closed) throw badRequest('poll has already been closed')
  const { open_period: _, close_date: __, ...kept } = state.poll
  const poll = { ...kept, is_closed: true } as Poll
  showPoll(state, poll)
  const { reply_markup: ___, ...shown } = entry.message
  entry.message = { ...shown, ...shownMarkup(markup) }
  bot.ledger.sends.edited++
  world.events.emit({
    type: 'edit',
    by: 'bot',
    botId: bot.id,
    chatId: place.chat.id,
    messageThreadId: entry.message.message_thread_id,
    message: entry.message,
  })
  bot.updates.add({ poll })
  return poll
}

/** Methods for polls. Stopping one is an edit to Telegram (messages.editMessage). */
export const pollMethods: Methods = {
  sendPoll: { cost: 'send', run: sendPoll },
  stopPoll: { cost: 'send', run: stopPoll },
}
