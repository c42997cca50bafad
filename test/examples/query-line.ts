/** A tap, a payment or an inline query with its answer as one line. */
import type { Chat, Message, User } from '@chatlane/simulators'
import { buttonRows } from './message-line.ts'

/** What somebody asked of the bot. */
export interface Query {
  id: string
  kind: string
  who: string
  chat: Chat
  /** Such as `taps [Buy]`. */
  what: string
}

interface QueryFields {
  id: string
  from: User
  message?: Message
  data?: string
  total_amount?: number
  currency?: string
  query?: string
}

/** The query in an update; undefined where it holds none. */
export function readQuery(update: Record<string, unknown>): Query | undefined {
  const kind = ['callback_query', 'pre_checkout_query', 'inline_query'].find((field) => update[field])
  if (kind === undefined) return undefined
  const fields = update[kind] as QueryFields
  const { id, from, message } = fields
  return {
    id,
    kind,
    who: from.first_name,
    chat: message?.chat ?? { ...from, type: 'private' },
    what: deed(kind, fields),
  }
}

/** The line. Payments and inline queries without an answer are tried again: they are none. */
export function queryLine({ kind, who, what }: Query, answer: Record<string, unknown> | undefined): string {
  if (answer === undefined && kind !== 'callback_query') return ''
  return `${who} ${what} → ${answerText(answer)}`
}

function deed(kind: string, { message, data, total_amount, currency, query }: QueryFields): string {
  if (kind === 'inline_query') return `asks inline “${query}”`
  if (kind === 'pre_checkout_query') return `pays ${total_amount} ${currency}`
  const buttons = buttonRows(message).flat()
  return `taps [${buttons.find((button) => button.callback_data === data)?.text ?? 'a button that is gone'}]`
}

function answerText(answer: Record<string, unknown> | undefined): string {
  if (answer === undefined) return 'no answer'
  if (answer.results !== undefined) {
    const results = typeof answer.results === 'string' ? JSON.parse(answer.results) : answer.results
    return (results as { title?: string }[]).map(({ title }) => title).join(' | ') || 'nothing'
  }
  if (answer.ok !== undefined)
    return String(answer.ok) === 'true' ? 'ok' : `refused “${answer.error_message}”`
  const kind = String(answer.show_alert) === 'true' ? 'alert' : 'notice'
  return answer.text ? `${kind} “${answer.text}”` : 'answered'
}
