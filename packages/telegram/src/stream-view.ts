// What a reply shows while it is written, page by page, and the one call that brings Telegram closer to it.
import { createHash } from 'node:crypto'
import type { FormattedText } from './formatted-text.ts'
import type { InlineKeyboard } from './inline-keyboard.ts'
import type { PlaceAddress } from './place.ts'

/** The newest state of a reply that is being written, as the worker publishes it. */
export interface StreamState extends PlaceAddress {
  pages: FormattedText[]
  /** Shown under the last page. */
  keyboard?: InlineKeyboard
  /** What the first page replies to. */
  replyToMessageId?: number
  /** The model's Markdown that is shown: a turn begun anew goes on from there, and one that is stopped keeps it. */
  markdown: string
}

/** Which of a finished reply's messages a delivery is; `of` 0: the reply came to nothing. */
export interface PageNumber {
  index: number
  of: number
}

/** The messages that a stream has in its chat, in order, and those that nothing belongs to any more. */
export interface ShownStream {
  messages: { id: number; mark: string }[]
  stale: number[]
}

/** A call that shows one page. */
export interface PageStep {
  index: number
  /** The message to edit; undefined where a message must be sent. */
  messageId: number | undefined
  page: FormattedText
  /** Only under the last page. */
  keyboard?: InlineKeyboard
  mark: string
}

const NO_MESSAGE = 0

/** Reads what was noted of a stream; '' is a stream that shows nothing. Throws on what is no such note. */
export function readShown(record: string): ShownStream {
  return record === '' ? { messages: [], stale: [] } : (JSON.parse(record) as ShownStream)
}

/** The inverse of `readShown`. */
export function writeShown(shown: ShownStream): string {
  return JSON.stringify(shown)
}

/** The first page that Telegram does not show as it is, and whether another one follows; undefined where all is shown. */
export function previewStep(
  { pages, keyboard }: Pick<StreamState, 'pages' | 'keyboard'>,
  shown: ShownStream,
): { step: PageStep; isLast: boolean } | undefined {
  const steps = pages.map((page, index) =>
    stepOf({ page, index, ...(index === pages.length - 1 && keyboard && { keyboard }) }, shown),
  )
  const open = steps.filter((step) => step.mark !== shown.messages[step.index]?.mark)
  const [step] = open
  return step && { step, isLast: open.length === 1 }
}

/** The call that shows a page of the finished reply; undefined where it is shown already. */
export function finalStep(page: FormattedText, index: number, shown: ShownStream): PageStep | undefined {
  const step = stepOf({ page, index }, shown)
  return step.mark === shown.messages[index]?.mark ? undefined : step
}

/** What is shown once `step` was done; `messageId` is the id of the message that it sent or edited. */
export function afterStep(shown: ShownStream, step: PageStep, messageId: number): ShownStream {
  const messages = [...shown.messages]
  // A page before it may have been refused: it has no message.
  while (messages.length < step.index) messages.push({ id: NO_MESSAGE, mark: '' })
  messages[step.index] = { id: messageId, mark: step.mark }
  return { ...shown, messages }
}

/** What is left once the page's message turned out to be gone: what follows it would stand before what replaces it. */
export function withoutMessage(shown: ShownStream, index: number): ShownStream {
  const after = shown.messages.slice(index + 1).map(({ id }) => id)
  return { messages: shown.messages.slice(0, index), stale: [...shown.stale, ...after] }
}

/** The messages that a reply of so many pages leaves behind. */
export function leftOver(shown: ShownStream, pages: number): number[] {
  return [...shown.messages.slice(pages).map(({ id }) => id), ...shown.stale].filter(
    (id) => id !== NO_MESSAGE,
  )
}

function stepOf(
  { page, index, keyboard }: { page: FormattedText; index: number; keyboard?: InlineKeyboard },
  shown: ShownStream,
): PageStep {
  const seen = JSON.stringify([page.text, page.entities, keyboard ?? null])
  const mark = createHash('sha256').update(seen).digest('base64url').slice(0, 12)
  const messageId = shown.messages[index]?.id || undefined
  return { index, messageId, page, mark, ...(keyboard && { keyboard }) }
}
