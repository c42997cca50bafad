/** Reads the body of a chat completion. */
import type { PromptMessage } from './prompt.ts'

/** What the simulator understands of a request. */
export interface CompletionRequest {
  model: string
  fallbackModels: string[]
  messages: PromptMessage[]
  maxTokens?: number
  user?: string
  sessionId?: string
  stream: boolean
  /** What the answer may consist of. */
  modalities?: string[]
  /** As they stood in the request. */
  plugins?: unknown[]
}

/** Undefined where the body is no request: messages or every model are missing, or are of a wrong type. */
export function readCompletionRequest(body: unknown): CompletionRequest | undefined {
  if (body === null || typeof body !== 'object') return undefined
  const source = body as Record<string, unknown>
  const listed = Array.isArray(source.models) ? source.models.filter((id) => typeof id === 'string') : []
  const model = typeof source.model === 'string' ? source.model : listed[0]
  const messages = source.messages
  if (model === undefined || !Array.isArray(messages) || messages.length === 0) return undefined
  if (!messages.every((message) => typeof message?.role === 'string')) return undefined
  const maxTokens = source.max_completion_tokens ?? source.max_tokens
  const modalities = source.modalities
  return {
    model,
    fallbackModels: listed.filter((id) => id !== model),
    messages,
    stream: source.stream === true,
    ...(typeof maxTokens === 'number' && { maxTokens }),
    ...(Array.isArray(source.plugins) && { plugins: source.plugins }),
    ...(Array.isArray(modalities) && { modalities: modalities.map(String) }),
    ...(typeof source.user === 'string' && { user: source.user }),
    ...(typeof source.session_id === 'string' && { sessionId: source.session_id }),
  }
}
