import { expect, test } from 'vitest'
import { classifyRefusal } from '../src/refusals.ts'

test.each([
  [403, 'Forbidden: bot was blocked by the user', 'blocked'],
  [403, 'Forbidden: user is deactivated', 'deactivated'],
  [403, 'Forbidden: bot was kicked from the supergroup chat', 'kicked'],
  [403, 'Forbidden: bot is not a member of the channel chat', 'kicked'],
  [400, 'Bad Request: chat not found', 'chat-not-found'],
  [403, "Forbidden: bot can't initiate conversation with a user", 'chat-not-found'],
  [400, 'Bad Request: group chat was upgraded to a supergroup chat', 'migrated'],
  [
    400,
    'Bad Request: message is not modified: specified new message content and reply markup are exactly the same',
    'not-modified',
  ],
  [400, 'Bad Request: MESSAGE_NOT_MODIFIED', 'not-modified'],
  [400, 'Bad Request: message to edit not found', 'message-gone'],
  [400, 'Bad Request: message to delete not found', 'message-gone'],
  [400, 'Bad Request: message to react not found', 'message-gone'],
  [400, 'Bad Request: message to copy not found', 'message-gone'],
  [400, 'Bad Request: MESSAGE_ID_INVALID', 'message-gone'],
  [400, 'Bad Request: MESSAGE_EDIT_TIME_EXPIRED', 'message-gone'],
  [400, 'Bad Request: message to be replied not found', 'message-gone'],
  [400, "Bad Request: message can't be edited", 'message-gone'],
  [400, "Bad Request: message can't be deleted", 'message-gone'],
  [400, "Bad Request: message can't be deleted for everyone", 'message-gone'],
  [400, 'Bad Request: there is no text in the message to edit', 'message-gone'],
  [400, 'Bad Request: there is no caption in the message to edit', 'message-gone'],
  [400, 'Bad Request: message identifier is not specified', 'other'],
  [400, 'Bad Request: message thread not found', 'topic-gone'],
  [400, "Bad Request: can't parse entities: Character '-' is reserved", 'bad-entities'],
  [400, 'Bad Request: Entity beginning at UTF-16 offset 3 ends after the end of the text', 'bad-entities'],
  [400, "Bad Request: can't parse MessageEntity: Unsupported type specified", 'bad-entities'],
  [400, "Bad Request: can't parse caption entities JSON object", 'bad-entities'],
  [400, 'Bad Request: ENTITY_TEXTURL_INVALID', 'bad-entities'],
  [400, "Bad Request: can't parse inline keyboard button: expected an Object", 'other'],
  [400, 'Bad Request: BUTTON_DATA_INVALID', 'other'],
  [400, 'Bad Request: message is too long', 'too-long'],
  [400, 'Bad Request: message caption is too long', 'too-long'],
  [413, 'Request Entity Too Large', 'too-long'],
  [400, 'Bad Request: file is too big for a photo', 'too-long'],
  [400, 'Bad Request: text is too long', 'too-long'],
  [401, 'Unauthorized', 'unauthorized'],
  [404, 'Not Found', 'unauthorized'],
  [404, 'Not Found: method not found', 'other'],
  [400, 'Bad Request: not enough rights to send text messages to the chat', 'rights'],
  [400, 'Bad Request: CHAT_WRITE_FORBIDDEN', 'rights'],
  [400, 'Bad Request: VOICE_MESSAGES_FORBIDDEN', 'rights'],
  [400, 'Bad Request: query is too old and response timeout expired or query ID is invalid', 'query-too-old'],
  [409, 'Conflict: terminated by other getUpdates request', 'other'],
  [400, '', 'other'],
])('%i %j is %s', (code, description, reason) => {
  expect(classifyRefusal(code, description)).toBe(reason)
})

test('a refusal that names the new chat is a migration, whatever it says', () => {
  expect(classifyRefusal(400, 'x', { migrate_to_chat_id: -1001 })).toBe('migrated')
})
