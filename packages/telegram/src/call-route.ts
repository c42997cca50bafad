// How a call of the Bot API reaches Telegram: in its turn through an outbox, or at once.
import { createHash } from 'node:crypto'
import { costOf } from './call-cost.ts'
import { fieldOf, idOf, type JsonObject } from './json-fields.ts'

/**
 * - `outbox`: posts, copies, forwards, edits, deletes: waits for its turn within the budgets.
 * - `answer`: the answer to a query, for which someone waits: at once, whatever happens.
 * - `direct`: reads, chat actions, moderation, settings: at once, but not while Telegram wants no calls of the bot.
 */
export type CallRoute = 'outbox' | 'answer' | 'direct'

// In small letters, as the Bot API takes the names of methods in any.
const POSTING = new Set([
  'copymessage',
  'copymessages',
  'forwardmessage',
  'forwardmessages',
  'deletemessage',
  'deletemessages',
  'deletebusinessmessages',
  'stoppoll',
  'stopmessagelivelocation',
  'setgamescore',
  'setmessagereaction',
])

/** How calls of a method reach Telegram; its name in any case. */
export function routeOf(method: string): CallRoute {
  const name = method.toLowerCase()
  if (/^answer\w+query$/.test(name)) return 'answer'
  if (costOf(name) !== 'counted') return 'direct'
  return POSTING.has(name) || /^(?:send|editmessage)/.test(name) ? 'outbox' : 'direct'
}

/**
 * The chat whose outbox a posting call waits in: its `chat_id` (a number, or a channel's `@name`), the user of a gift;
 * for what names no chat (an edit of an inline message, a deletion in a business account) a made-up one that stands for
 * the message or the account. Undefined where the call names nothing: Telegram would refuse it.
 */
export function callChat(payload: JsonObject): string | undefined {
  for (const name of ['chat_id', 'user_id']) {
    const id = idOf(payload, name)
    if (id !== undefined) return String(id)
    const text = fieldOf(payload, name)
    // A channel's name has one budget, however it is written.
    if (typeof text === 'string' && /^(?:-?\d{1,16}|@\w{1,64})$/.test(text)) return text.toLowerCase()
  }
  const standIn = fieldOf(payload, 'inline_message_id') ?? fieldOf(payload, 'business_connection_id')
  return typeof standIn === 'string' ? standInFor(standIn) : undefined
}

/** Positive and longer than any id that Telegram gives (52 bits), so that it is nobody's. */
function standInFor(name: string): string {
  const digest = createHash('sha256').update(name).digest()
  return `9${(digest.readBigUInt64BE() % 10n ** 17n).toString().padStart(17, '0')}`
}
