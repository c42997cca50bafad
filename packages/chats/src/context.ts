/** What a lane remembers of its conversation: messages under a generation that `/new` raises. */
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'

/** One message of the conversation. */
export interface ContextMessage {
  role: 'user' | 'assistant'
  content: string
}

/** The conversation as it is kept. Changes make a new one. */
export interface ChatContext {
  /** Raised by a new beginning: what was made under an older generation is not added. */
  generation: number
  messages: readonly ContextMessage[]
}

/** A conversation that has not begun. */
export const EMPTY_CONTEXT: ChatContext = { generation: 0, messages: [] }

/** Messages as they are stored: roles alternate mostly, so each is one letter before its text. */
type Stored = [role: 'u' | 'a', content: string][]

/** The compressed bytes of `messages`. */
export function packMessages(messages: readonly ContextMessage[]): Buffer {
  const stored: Stored = messages.map(({ role, content }) => [role === 'user' ? 'u' : 'a', content])
  return zstdCompressSync(JSON.stringify(stored))
}

/** The inverse of `packMessages`; no bytes are no messages. Throws on bytes that are not its own. */
export function unpackMessages(bytes: Buffer | null): ContextMessage[] {
  if (!bytes) return []
  const stored = JSON.parse(zstdDecompressSync(bytes).toString()) as Stored
  return stored.map(([role, content]) => ({ role: role === 'u' ? 'user' : 'assistant', content }))
}
