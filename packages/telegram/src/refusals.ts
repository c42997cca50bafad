// Telegram's refusals, told apart by their texts: they have no codes of their own.
import { idOf } from './json-fields.ts'

/**
 * Why Telegram refused a call for good.
 * - `blocked`, `deactivated`, `kicked`, `chat-not-found`: nobody can be reached in this chat.
 * - `migrated`: the group has become a supergroup, whose id the refusal gives.
 * - `not-modified`: an edit that would change nothing; a success.
 * - `message-gone`: the message to edit, delete, copy, react or reply to is not there or can't be changed (any more).
 * - `topic-gone`: the forum or direct-messages topic is not there.
 * - `bad-entities`: the same text without entities may pass.
 * - `too-long`: the text, the caption or a file is larger than Telegram takes.
 * - `unauthorized`: the token is not (or no more) a bot's.
 * - `rights`: the bot may not do this here.
 * - `query-too-old`: the query to answer has expired.
 */
export type RefusalReason =
  | 'blocked'
  | 'deactivated'
  | 'kicked'
  | 'chat-not-found'
  | 'migrated'
  | 'not-modified'
  | 'message-gone'
  | 'topic-gone'
  | 'bad-entities'
  | 'too-long'
  | 'unauthorized'
  | 'rights'
  | 'query-too-old'
  | 'other'

// The first that matches counts. Texts: tdlib/telegram-bot-api Client.cpp fail_query_with_error, td MessageEntity.cpp;
// in capitals: errors of Telegram's own servers, which the Bot API passes on.
const TEXTS: [RefusalReason, RegExp][] = [
  ['blocked', /bot was blocked by the user|USER_IS_BLOCKED/i],
  ['deactivated', /user is deactivated|USER_DEACTIVATED/i],
  ['kicked', /bot was kicked|bot is not a member|CHANNEL_PRIVATE|group chat was deactivated/i],
  ['migrated', /upgraded to a supergroup/i],
  [
    'topic-gone',
    /message thread not found|topic (?:was )?(?:not found|deleted)|TOPIC_(?:ID_INVALID|DELETED)/i,
  ],
  ['not-modified', /message is not modified|MESSAGE_NOT_MODIFIED/i],
  [
    'message-gone',
    /message (?:to [\w ]+ )?not found|message can't be (?:edited|deleted)|there is no \w+ in the message to edit/i,
  ],
  ['message-gone', /MESSAGE_(?:ID_INVALID|EDIT_TIME_EXPIRED|AUTHOR_REQUIRED|DELETE_FORBIDDEN)/],
  ['query-too-old', /query is too old|query_?id_?_?invalid|query ID is invalid/i],
  ['too-long', /(?:message|text|caption) is too long|(?:MESSAGE|MEDIA_CAPTION)_TOO_LONG/i],
  ['too-long', /request entity too large|file is too big/i],
  ['bad-entities', /can't parse (?:caption )?entit|MessageEntity|entit(?:y|ies) |ENTIT(?:Y|IES)_/i],
  [
    'chat-not-found',
    /chat not found|user not found|can't initiate conversation|(?:PEER|CHAT|USER)_ID_INVALID/i,
  ],
  ['rights', /not enough rights|have no rights|need administrator rights|can't send messages to/i],
  ['rights', /CHAT_(?:ADMIN_REQUIRED|RESTRICTED|(?:WRITE|SEND_\w+)_FORBIDDEN)|TOPIC_CLOSED|USER_RESTRICTED/i],
  ['rights', /VOICE_MESSAGES_FORBIDDEN/],
]

/** Tells why a call was refused, from the error code, description and parameters of Telegram's answer. */
export function classifyRefusal(code: number, description: string, parameters?: unknown): RefusalReason {
  if (idOf(parameters, 'migrate_to_chat_id') !== undefined) return 'migrated'
  // A token of a form that no bot has is answered like a page that doesn't exist.
  if (code === 401 || (code === 404 && /^Not Found$/i.test(description))) return 'unauthorized'
  return TEXTS.find(([, text]) => text.test(description))?.[0] ?? 'other'
}
