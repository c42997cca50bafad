/** How Telegram treats the kinds of updates: which are wanted, how long they live, which queue they wait in. */
import type { Update } from './bot-api-types.ts'

/** Kinds that a bot gets only when `allowed_updates` names them (core.telegram.org/bots/api#setwebhook). */
const ON_REQUEST = new Set(['chat_member', 'message_reaction', 'message_reaction_count'])

/** Seconds that updates live which live less than a day (tdlib/telegram-bot-api Client.cpp, add_update). */
const SHORT_LIVES: Record<string, number> = {
  callback_query: 150,
  shipping_query: 150,
  pre_checkout_query: 150,
  inline_query: 30,
  chosen_inline_result: 600,
}
const DAY_SECONDS = 86_400

/** The field that names the update's kind. */
export function kindOf(update: Update): string {
  return Object.keys(update).find((field) => field !== 'update_id') ?? 'unknown'
}

/** Whether a bot gets updates of the kind; `allowed` undefined: the default list. */
export function isWanted(kind: string, allowed: ReadonlySet<string> | undefined): boolean {
  return allowed === undefined ? !ON_REQUEST.has(kind) : allowed.has(kind)
}

/** Seconds after which an undelivered update is dropped. */
export function lifeSeconds(kind: string): number {
  return SHORT_LIVES[kind] ?? DAY_SECONDS
}

interface Carried {
  chat?: { id?: number }
  from?: { id?: number }
  user?: { id?: number }
  message?: { chat?: { id?: number } }
}

/**
 * The webhook queue an update waits in; one is in flight per queue (tdlib/telegram-bot-api Client.cpp:16962-17360,
 * `webhook_queue_id`): messages, edits and posts by chat, callback queries by user, so that they overtake each other.
 */
export function queueOf(update: Update): string {
  const kind = kindOf(update)
  const carried = (update[kind] ?? {}) as Carried
  const userId = carried.from?.id ?? carried.user?.id ?? 0
  const chatId = carried.chat?.id ?? carried.message?.chat?.id ?? 0
  switch (kind) {
    case 'message':
    case 'edited_message':
    case 'channel_post':
    case 'edited_channel_post':
      return `chat:${chatId}`
    case 'callback_query':
    case 'inline_query':
    case 'chosen_inline_result':
    case 'chat_member':
    case 'chat_join_request':
    case 'guest_message':
      return `${kind}:${userId}`
    case 'shipping_query':
    case 'pre_checkout_query':
      return `payment:${userId}`
    case 'business_message':
    case 'edited_business_message':
    case 'deleted_business_messages':
      return `business:${chatId}`
    default:
      return `${kind}:${chatId === 0 ? userId : chatId}`
  }
}
