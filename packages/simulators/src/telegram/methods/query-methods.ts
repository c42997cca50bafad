/** Answers to queries: callback, inline, pre-checkout, shipping, guest. They count against no budget. */
import { badRequest } from '../bot-api-error.ts'
import { nowMs } from '../clock.ts'
import type { InlineResult } from '../inline-answer.ts'
import { readFlag, readRequired, readString } from '../params.ts'
import { readInlineResults } from './inline-results.ts'
import type { Call, Method, Methods } from './method.ts'

const UNKNOWN = 'query is too old and response timeout expired or query ID is invalid'
const MOST_ALERT_CHARACTERS = 200

interface Steps {
  /** Reads what the server reads before it looks for the query. Throws 400s. */
  read?: (call: Call) => InlineResult[] | undefined
  result?: (call: Call) => unknown
}

function answer(method: string, idField: string, { read, result = () => true }: Steps = {}): Method {
  return {
    cost: 'free',
    run: (call) => {
      const { bot, world, params } = call
      const results = read?.(call) ?? []
      const queryId = readString(params, idField) ?? ''
      const query = bot.findQuery(queryId)
      if (query === undefined) throw badRequest(UNKNOWN)
      const answered = result(call)
      const { chatId, onAnswered } = query
      if (onAnswered !== undefined) bot.closeQuery(queryId)
      onAnswered?.({ params, results })
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

/** A refusal tells its reason. */
function readRefusal({ params }: Call): undefined {
  if (!readFlag(params, 'ok')) readRequired(params, 'error_message')
}

/** Methods that answer queries. */
export const queryMethods: Methods = {
  answerCallbackQuery: answer('answerCallbackQuery', 'callback_query_id', { result: checkAlert }),
  answerInlineQuery: answer('answerInlineQuery', 'inline_query_id', { read: readInlineResults }),
  answerPreCheckoutQuery: answer('answerPreCheckoutQuery', 'pre_checkout_query_id', { read: readRefusal }),
  answerShippingQuery: answer('answerShippingQuery', 'shipping_query_id', { read: readRefusal }),
  answerGuestQuery: answer('answerGuestQuery', 'guest_query_id', {
    result: ({ world }) => ({ inline_message_id: `guest-${world.nextSerial()}` }),
  }),
}
