// Which updates the gateway asks Telegram for.

/**
 * For `allowed_updates` of setWebhook and getUpdates. Explicit, because Telegram's default grows and shrinks with its
 * own taste: it leaves out `chat_member` and `message_reaction`, which authors' handlers expect, and which come only
 * where the bot was made an administrator. Left out on purpose: `message_reaction_count` (sums that channels repeat
 * every few minutes) and the widget queries of Bot API 10.4 (nothing here answers them, and a user would wait).
 */
export const ALLOWED_UPDATES: readonly string[] = [
  'message',
  'edited_message',
  'channel_post',
  'edited_channel_post',
  'business_connection',
  'business_message',
  'edited_business_message',
  'deleted_business_messages',
  'guest_message',
  'message_reaction',
  'inline_query',
  'chosen_inline_result',
  'callback_query',
  'shipping_query',
  'pre_checkout_query',
  'purchased_paid_media',
  'poll',
  'poll_answer',
  'my_chat_member',
  'chat_member',
  'chat_join_request',
  'chat_boost',
  'removed_chat_boost',
  'managed_bot',
  'subscription',
  'stopped_message_generation',
]

/** Every kind of update: what authors' handlers may be written for. */
export const ALL_UPDATES: readonly string[] = [...ALLOWED_UPDATES, 'message_reaction_count']
