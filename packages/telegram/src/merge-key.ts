// Decides which messages may be answered together: what one person sends in one breath.
import { fieldOf, idOf, objectOf } from './json-fields.ts'
import { leadingCommand } from './message-entity.ts'

// A message that has none of these tells of something (a member, a payment, a pinned message) and says nothing.
const CONTENT = [
  'text',
  'photo',
  'document',
  'voice',
  'audio',
  'video',
  'video_note',
  'live_photo',
  'animation',
  'sticker',
  'location',
  'venue',
  'contact',
  'story',
  'dice',
  'poll',
  'checklist',
  'paid_media',
  'rich_message',
]

/** The sender's id for plain content of a user (no command, no service message), else ''. */
export function mergeKeyOf(message: unknown): string {
  const senderId = idOf(fieldOf(message, 'from'), 'id')
  if (senderId === undefined || fieldOf(objectOf(message, 'from'), 'is_bot') === true) return ''
  // Anonymous administrators and channels share one sender.
  if (fieldOf(message, 'sender_chat') !== undefined) return ''
  if (!CONTENT.some((name) => fieldOf(message, name) !== undefined)) return ''
  return leadingCommand(message) === undefined ? String(senderId) : ''
}
