/** An update whose fields are of the types that Telegram gives them, so that whoever reads it may rely on them. */
import { fieldOf, idOf, isJsonObject, type JsonObject, objectOf } from './json-fields.ts'

type Type = 'text' | 'integer' | 'flag' | 'object' | 'objects' | 'rows'

/** Telegram's names mean the same wherever they stand (https://core.telegram.org/bots/api#available-types). */
const NAMES: Record<Type, string> = {
  text: `text caption data type title username first_name last_name language_code file_id file_unique_id file_name
    mime_type emoji set_name media_group_id query callback_data inline_message_id chat_instance game_short_name
    business_connection_id custom_emoji_id question phone_number address author_signature sender_user_name url
    invoice_payload currency status bio description`,
  integer: `message_id date edit_date file_size width height duration message_thread_id length user_id
    migrate_to_chat_id migrate_from_chat_id`,
  flag: 'is_bot is_forum is_topic_message is_manual is_animated is_video is_premium is_automatic_forward',
  object: `chat from user sender_chat sender_user sender_business_bot via_bot forward_origin external_reply quote origin
    message edited_message channel_post edited_channel_post business_message edited_business_message
    business_connection deleted_business_messages callback_query inline_query chosen_inline_result shipping_query
    pre_checkout_query message_reaction message_reaction_count my_chat_member chat_member chat_join_request poll
    poll_answer reply_to_message pinned_message reply_markup voice audio video video_note document sticker animation
    location venue contact dice story checklist game invoice successful_payment direct_messages_topic
    forum_topic_created old_chat_member new_chat_member invite_link thumbnail web_app_data`,
  objects: 'entities caption_entities options new_chat_members text_entities tasks',
  rows: 'inline_keyboard',
}

const TYPES = new Map(
  Object.entries(NAMES).flatMap(([type, names]) => names.split(/\s+/).map((name) => [name, type as Type])),
)
const MESSAGE = ['chat', 'message_id']
const QUERY = ['id', 'from']
const MEMBER = ['chat', 'from', 'new_chat_member']
/** What an update of each kind can't be read without. */
const NEEDED: Record<string, readonly string[]> = {
  ...{ message: MESSAGE, edited_message: MESSAGE, channel_post: MESSAGE, edited_channel_post: MESSAGE },
  ...{ business_message: MESSAGE, edited_business_message: MESSAGE },
  ...{ callback_query: QUERY, inline_query: QUERY, shipping_query: QUERY, pre_checkout_query: QUERY },
  ...{ my_chat_member: MEMBER, chat_member: MEMBER, chat_join_request: ['chat', 'from'] },
}
/** Nothing that people send is nested so deeply. */
const DEEPEST = 20

/**
 * A copy of `raw` without what is of another type than its name promises. Undefined where an update of its kind can't be
 * read without something that is not there, such as a message's chat.
 */
export function typedUpdate(raw: unknown): JsonObject | undefined {
  const update = typed(raw, 0)
  if (!isJsonObject(update)) return undefined
  const isWhole = Object.entries(NEEDED).every(([kind, names]) => {
    const body = objectOf(update, kind)
    // A kind that is there in the original, and not here, was no object.
    if (!body) return fieldOf(raw, kind) === undefined
    return names.every((name) => (name === 'id' ? typeof body.id === 'string' : name in body))
  })
  return isWhole ? update : undefined
}

function typed(value: unknown, depth: number): unknown {
  if (depth > DEEPEST) return undefined
  if (Array.isArray(value)) return value.map((each) => typed(each, depth + 1))
  if (!isJsonObject(value)) return value
  const fields = Object.entries(value).flatMap(([name, field]): [string, unknown][] => {
    // Whoever copies the fields with Object.assign, as Telegraf does, would change what the copy is.
    if (name === '__proto__') return []
    const kept = fieldOfType(TYPES.get(name), typed(field, depth + 1))
    return kept === undefined || (isOwner(name) && idOf(kept, 'id') === undefined) ? [] : [[name, kept]]
  })
  return Object.fromEntries(fields)
}

/** Whose id everything hangs on. */
function isOwner(name: string): boolean {
  return name === 'chat' || name === 'from' || name === 'sender_chat' || name === 'user'
}

function fieldOfType(type: Type | undefined, field: unknown): unknown {
  switch (type) {
    case undefined:
      return field
    case 'text':
      return typeof field === 'string' ? field : undefined
    case 'integer':
      return Number.isSafeInteger(field) ? field : undefined
    case 'flag':
      return typeof field === 'boolean' ? field : undefined
    case 'object':
      return isJsonObject(field) ? field : undefined
    case 'objects':
      return Array.isArray(field) ? field.filter(isJsonObject) : undefined
    case 'rows':
      return Array.isArray(field)
        ? field.filter(Array.isArray).map((row: unknown[]) => row.filter(isJsonObject))
        : undefined
  }
}
