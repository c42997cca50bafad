/** Edited messages: the newest question is answered anew, in the messages that show its answer. */
import { createHash } from 'node:crypto'
import type { Asked } from './answer.ts'
import type { AskedQuestion, Attachment, Memory, TurnPort } from './ports.ts'

/** What must be remembered of a question of these contents, one of each of the turn's messages. */
export function askedOf(
  { messageIds, stream }: Pick<TurnPort, 'messageIds' | 'stream'>,
  contents: readonly string[],
): AskedQuestion {
  const isMerged = messageIds.length > 1
  const messages = messageIds.map((id, nth) => (isMerged ? { id, content: contents[nth] ?? '' } : { id }))
  return { stream, messages, digest: digestOf(joined(contents)) }
}

/**
 * The newest question as it reads now that one of its messages says `content`, and what must be remembered of it.
 * Where it is the only one, its files are now `attachments`; files of several stay as they were. Undefined where another question came meanwhile, or the message says what it said: Telegram tells of reactions and of
 * link previews as of edits.
 */
export function editedQuestion(
  { asked, context }: Memory,
  edited: { messageId: number; content: string; attachments?: readonly Attachment[] },
): { asked: AskedQuestion; question: Asked } | undefined {
  const at = asked?.messages.findIndex(({ id }) => id === edited.messageId) ?? -1
  const last = context.messages.findLastIndex(({ role }) => role === 'user')
  const before = context.messages[last]
  if (!asked || at < 0 || !before || digestOf(before.content) !== asked.digest) return undefined
  const isMerged = asked.messages.length > 1
  const messages = asked.messages.map((message, nth) =>
    nth === at && isMerged ? { ...message, content: edited.content } : message,
  )
  const content = isMerged ? joined(messages.map((message) => message.content ?? '')) : edited.content
  const attachments = (isMerged ? before.attachments : edited.attachments) ?? []
  if ((content === '' && attachments.length === 0) || content === before.content) return undefined
  return {
    asked: { ...asked, messages, digest: digestOf(content) },
    question: {
      before: context.messages.slice(0, last),
      question: {
        content,
        ...(before.speaker !== undefined && { speaker: before.speaker }),
        ...(attachments.length > 0 && { attachments }),
      },
    },
  }
}

/** What several messages that were merged say together. */
export function joined(contents: readonly string[]): string {
  return contents.join('\n').trim()
}

function digestOf(content: string): string {
  return createHash('sha256').update(content).digest('base64url').slice(0, 16)
}
