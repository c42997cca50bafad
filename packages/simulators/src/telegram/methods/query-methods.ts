/** Answers to queries: callback, inline, pre-checkout, shipping, guest. They count against no budget. */
import { badRequest } from '../bot-api-error.ts'
import { nowMs } from '../clock.ts'
import { readFlag, readString } from '../params.ts'
import type { Call, Method, Methods } from './method.ts'

const UNKNOWN = 'query is too old and response timeout expired or query ID is invalid'
const MOST_ALERT_CHARACTERS = 200

function answer(method: string, idField: string, result: (call: Call) => unknown = () => true): Method {
  return {
    cost: 'free',
    run: (call) => {
      const { bot, world, params } = call
      const queryId = readString(params, idField) ?? ''
      const query = bot.findQuery(queryId)
      if (query === undefined) throw badRequest(UNKNOWN)
      const answered = result(call)
      const { chatId } = query
      if (method === 'answerCallbackQuery' && chatId !== undefined) showAnswer(call, chatId, queryId)
      world.events.emit({ type: 'answer', botId: bot.id, method, queryId, chatId, params })
      return answered
    },
  }
}

function showAnswer({ bot, world, params }: Call, chatId: number, queryId: string): void {
  const room = world.room(bot, chatId)
  room.show(room.answers, {
    queryId,
    text: readString(params, 'text'),
    showAlert: readFlag(params, 'show_alert'),
    url: readString(params, 'url'),
    atMs: nowMs(),
  })
}

function checkAlert({ params }: Call): true {
  const text = readString(params, 'text') ?? ''
  if ([...text].length > MOST_ALERT_CHARACTERS) throw badRequest('MESSAGE_TOO_LONG')
  return true
}

/** Methods that answer queries. */
export const queryMethods: Methods = {
  answerCallbackQuery: answer('answerCallbackQuery', 'callback_query_id', checkAlert),
  answerInlineQuery: answer('answerInlineQuery', 'inline_query_id'),
  answerPreCheckoutQuery: answer('answerPreCheckoutQuery', 'pre_checkout_query_id'),
  answerShippingQuery: answer('answerShippingQuery', 'shipping_query_id'),
  answerGuestQuery: answer('answerGuestQuery', 'guest_query_id', ({ world }) => ({
    inline_message_id: `guest-${world.nextSerial()}`,
  })),
}
