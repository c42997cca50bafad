// What a call counts against Telegram's budgets, and whether it may be made twice.
import type { Delivery } from './delivery.ts'
import type { JsonObject } from './json-fields.ts'

/**
 * Which budgets a call counts against.
 * - `counted`: the bot's and the chat's: sends, copies, forwards, edits, deletions, and whatever is unknown.
 * - `action`: the chat's budget of actions alone: 20 in 5 s, 40 in 30 s (https://core.telegram.org/api/bots/ai).
 * - `free`: none: answers to queries, and reads.
 */
export type CallCost = 'counted' | 'action' | 'free'

// In small letters, as the Bot API takes the names of methods in any.
const ACTIONS = new Set(['sendchataction', 'sendmessagedraft', 'sendrichmessagedraft'])
const ANSWERS = new Set([
  'answercallbackquery',
  'answerinlinequery',
  'answerprecheckoutquery',
  'answershippingquery',
  'answerguestquery',
])
const REPEATABLE = new Set([
  ...ACTIONS,
  'editmessagetext',
  'editmessagecaption',
  'editmessagemedia',
  'editmessagereplymarkup',
  'editmessagechecklist',
  'editmessagelivelocation',
  'deletemessage',
  'deletemessages',
  'deletebusinessmessages',
  'setmessagereaction',
  'answercallbackquery',
  'answerinlinequery',
])

/** Which budgets calls of a method count against; its name in any case. */
export function costOf(method: string): CallCost {
  const name = method.toLowerCase()
  if (ACTIONS.has(name)) return 'action'
  return ANSWERS.has(name) || name.startsWith('get') ? 'free' : 'counted'
}

/**
 * Whether a call of the method may be made again when it is unknown whether it was done: edits, deletions, reactions,
 * drafts, reads and the like leave everything as it is. The second call may be refused as `not-modified` or
 * `message-gone`, which then means that the first was done.
 */
export function isRepeatable(method: string): boolean {
  const name = method.toLowerCase()
  return REPEATABLE.has(name) || name.startsWith('get')
}

/** How many messages a delivery counts as: an album's items, the messages copied or forwarded at once, else 1. */
export function itemsOf(delivery: Delivery): number {
  if (!('payload' in delivery)) return delivery.method === 'sendMediaGroup' ? atLeastOne(delivery.items) : 1
  const { payload } = delivery
  switch (delivery.method.toLowerCase()) {
    case 'sendmediagroup':
      return atLeastOne(listIn(payload, 'media'))
    case 'copymessages':
    case 'forwardmessages':
      return atLeastOne(listIn(payload, 'message_ids'))
    default:
      return 1
  }
}

function atLeastOne(list: readonly unknown[]): number {
  return Math.max(1, list.length)
}

/** A parameter that is a list, or one as JSON, as forms carry it. */
function listIn(payload: JsonObject, name: string): readonly unknown[] {
  let value = payload[name]
  if (typeof value === 'string') {
    try {
      value = JSON.parse(value)
    } catch {
      return []
    }
  }
  return Array.isArray(value) ? value : []
}
