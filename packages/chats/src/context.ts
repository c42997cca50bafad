/** What a lane remembers of its conversation: messages under a generation that `/new` raises. */
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'

/** A file that somebody sent with a message. Its bytes stay with Telegram. */
export interface ContextAttachment {
  kind: 'picture' | 'audio' | 'pdf'
  /** Telegram's name of the file for this bot. */
  fileId: string
  /** What it costs in a prompt, estimated. */
  tokens: number
  /** As its sender or Telegram gave them. */
  fileName?: string
  mimeType?: string
}

/** One message of the conversation. */
export interface ContextMessage {
  role: 'user' | 'assistant'
  content: string
  /** Who said it, where several may speak: a group's user. */
  speaker?: string
  attachments?: readonly ContextAttachment[]
}

/** What takes the place of the oldest messages. */
export interface ContextSummary {
  text: string
  /** The number of the first message that is not in it. */
  upTo: number
}

/** The conversation as it is kept. Changes make a new one. */
export interface ChatContext {
  /** Raised by a new beginning: what was made under an older generation is not added. */
  generation: number
  /** The number of the first of `messages`, counted from the beginning of the generation; 0 where it is missing. */
  first?: number
  /** Those that are not in the summary. */
  messages: readonly ContextMessage[]
  /** Written by `keepSummary` alone, beside the turns. */
  summary?: ContextSummary
}

/** A conversation that has not begun. */
export const EMPTY_CONTEXT: ChatContext = { generation: 0, messages: [] }

/** Messages as they are stored: a letter for the role, the text, and what only some have beside it. */
type Stored = [role: 'u' | 'a', content: string, beside?: Pick<ContextMessage, 'speaker' | 'attachments'>][]

/** The compressed bytes of `messages`. */
export function packMessages(messages: readonly ContextMessage[]): Buffer {
  const stored = messages.map(({ role, content, ...beside }): Stored[number] => {
    const letter = role === 'user' ? 'u' : 'a'
    return Object.keys(beside).length > 0 ? [letter, content, beside] : [letter, content]
  })
  return zstdCompressSync(JSON.stringify(stored))
}

/** What is kept of a context, as Redis has it. */
export interface StoredContext {
  generation: Buffer | null
  first: Buffer | null
  messages: Buffer | null
  summary: Buffer | null
  summaryUpTo: Buffer | null
}

/**
 * Reads a context. A summary is written while turns go on, so that messages which are in it may still be there: they are
 * left out here, and out of Redis with the next turn.
 */
export function unpackContext({
  generation,
  first,
  messages,
  summary,
  summaryUpTo,
}: StoredContext): ChatContext {
  const from = Number(first ?? 0)
  const upTo = Number(summaryUpTo ?? 0)
  const covered = Math.max(0, upTo - from)
  const kept = unpackMessages(messages)
  const number = from + covered
  return {
    generation: Number(generation ?? 0),
    ...(number > 0 && { first: number }),
    messages: covered > 0 ? kept.slice(covered) : kept,
    ...(summary && { summary: { text: unpackText(summary), upTo } }),
  }
}

/** The compressed bytes of `text`. */
export function packText(text: string): Buffer {
  return zstdCompressSync(text)
}

function unpackText(bytes: Buffer): string {
  return zstdDecompressSync(bytes).toString()
}

/** The inverse of `packMessages`; no bytes are no messages. Throws on bytes that are not its own. */
export function unpackMessages(bytes: Buffer | null): ContextMessage[] {
  if (!bytes) return []
  const stored = JSON.parse(zstdDecompressSync(bytes).toString()) as Stored
  return stored.map(([role, content, beside]) => ({
    role: role === 'u' ? 'user' : 'assistant',
    content,
    ...beside,
  }))
}
