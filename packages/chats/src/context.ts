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

/** The conversation as it is kept. Changes make a new one. */
export interface ChatContext {
  /** Raised by a new beginning: what was made under an older generation is not added. */
  generation: number
  messages: readonly ContextMessage[]
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
