/** A chat as text: for an error that shows what there is instead of what was waited for. */
import type { Message, PostedMessage } from '@chatlane/simulators'
import { inlineButtons } from './inline-buttons.ts'

/** What can stand in a message instead of a text. */
const CONTENTS = [
  ...[
    'animation',
    'photo',
    'document',
    'voice',
    'video',
    'video_note',
    'audio',
    'sticker',
    'location',
    'venue',
  ],
  ...['contact', 'poll', 'dice', 'invoice', 'game', 'story', 'successful_payment', 'new_chat_members'],
  ...[
    'left_chat_member',
    'pinned_message',
    'forum_topic_created',
    'migrate_to_chat_id',
    'migrate_from_chat_id',
  ],
]

/** `[photo]`: what a message without a text is; '' where it is nothing but a text. */
export function contentOf(message: Message): string {
  const content = CONTENTS.find((name) => message[name] !== undefined)
  return content === undefined ? '' : `[${content}]`
}

/** The messages that are there, a line each, with their buttons below them. */
export function chatText(messages: readonly PostedMessage[]): string {
  if (messages.length === 0) return '(no messages)'
  return messages.flatMap(({ message }) => linesOf(message)).join('\n')
}

function linesOf(message: Message): string[] {
  const text = [contentOf(message), message.text ?? message.caption ?? '']
    .filter((part) => part !== '')
    .join(' ')
  const buttons = inlineButtons(message).map(
    (row) => `  ${row.map((button) => `[${button.text}]`).join(' ')}`,
  )
  return [`${message.from?.first_name ?? message.chat.title ?? '?'}: ${text}`, ...buttons]
}
