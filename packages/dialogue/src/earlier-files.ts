/** Which files of a conversation go into a prompt, and what stands there for those that don't. */
import { inMark, mark } from './marks.ts'
import type { Attachment } from './ports.ts'

/** Messages with files, oldest first. */
interface WithFiles {
  role: string
  attachments?: readonly Attachment[] | undefined
}

/** What of earlier messages is sent again with a later question. */
const MOST_EARLIER: Record<Attachment['kind'], number> = { picture: 4, pdf: 1, audio: 1 }

/** All files of the newest question, then the newest of what came before, the newest message's first. */
export function filesToSend(messages: readonly WithFiles[]): Attachment[] {
  const newest = messages.findLastIndex(({ role }) => role === 'user')
  const left = { ...MOST_EARLIER }
  return messages
    .flatMap(({ attachments = [] }, nth) => attachments.map((attachment) => ({ attachment, nth })))
    .toReversed()
    .filter(({ attachment: { kind }, nth }) => nth === newest || left[kind]-- > 0)
    .map(({ attachment }) => attachment)
}

/** What stands for a file that is not sent. */
export function fileMark({ kind, fileName }: Attachment): string {
  if (kind === 'picture') return mark('picture')
  if (kind === 'audio') return mark('recording')
  return mark(fileName === undefined ? 'file' : `file "${inMark(fileName)}"`)
}
