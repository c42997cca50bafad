/** Which fields of a message are its content: what it is, not where and by whom it was posted. */
import type { Message } from './bot-api-types.ts'

/** Fields of which a message that people or bots wrote has one; a service message has none. */
const KINDS = [
  'text',
  'photo',
  'document',
  'voice',
  'video',
  'audio',
  'animation',
  'sticker',
  'video_note',
  'location',
  'venue',
  'contact',
  'dice',
  'poll',
  'invoice',
]

/** All fields of the content, formatting and caption included. */
const CONTENT = [...KINDS, 'entities', 'caption', 'caption_entities', 'link_preview_options']

/** Whether somebody wrote it, and the chat does not tell of something by it. */
export function hasContent(message: Message): boolean {
  return KINDS.some((kind) => message[kind] !== undefined)
}

/** The content's fields. */
export function contentOf(message: Message): Record<string, unknown> {
  const fields = CONTENT.filter((field) => message[field] !== undefined)
  return Object.fromEntries(fields.map((field) => [field, message[field]]))
}
