/** What was asked of the model: its messages, their text, their length, and their fingerprint. */
import { createHash } from 'node:crypto'

/** A message as it stood in the request. */
export interface PromptMessage {
  role: string
  /** A text, or OpenAI's content parts. */
  content: unknown
}

/**
 * The sha256, in hex, of `[{"role":…,"content":…},…]` as JSON without spaces: what else a message holds is left out, and
 * content parts have their keys sorted.
 */
export function promptHash(messages: readonly PromptMessage[]): string {
  const canonical = JSON.stringify(
    messages.map(({ role, content }) => ({ role, content: sortKeys(content) })),
  )
  return createHash('sha256').update(canonical).digest('hex')
}

/** The text of a message; pictures, sounds and files in it have none. */
export function textOf(message: PromptMessage | undefined): string {
  if (typeof message?.content === 'string') return message.content
  if (!Array.isArray(message?.content)) return ''
  return message.content
    .map((part: { text?: unknown }) => (typeof part?.text === 'string' ? part.text : ''))
    .join('')
}

/** The newest message of the user, or an empty text. */
export function lastUserText(messages: readonly PromptMessage[]): string {
  return textOf(messages.findLast((message) => message.role === 'user'))
}

/** About as many tokens as a tokenizer would count: a quarter of the text's bytes. */
export function countTokens(text: string, bytesPerToken = 4): number {
  return Math.ceil(Buffer.byteLength(text) / bytesPerToken)
}

/** What parts of these types cost, in tokens: a picture of usual size, a sound or a document by its bytes. */
function partTokens(part: Part): number {
  if (part.type === 'image_url') return 765
  if (part.type === 'input_audio') return Math.ceil((part.input_audio?.data?.length ?? 0) / 128)
  if (part.type === 'file') return Math.ceil((part.file?.file_data?.length ?? 0) / 64)
  return 0
}

interface Part {
  type?: string
  input_audio?: { data?: string }
  file?: { file_data?: string }
}

function partsOf(message: PromptMessage): Part[] {
  return Array.isArray(message.content) ? message.content.filter((part) => part !== null) : []
}

/** What a prompt needs that the model does not take. A PDF is read for every model. */
export function missingModality(
  messages: readonly PromptMessage[],
  { architecture }: { architecture: { input_modalities: readonly string[] } },
): string | undefined {
  const needed = { image_url: 'image', input_audio: 'audio' }
  const types = messages.flatMap(partsOf).map(({ type }) => type)
  return Object.entries(needed).find(
    ([type, modality]) => types.includes(type) && !architecture.input_modalities.includes(modality),
  )?.[1]
}

/** The tokens of a whole prompt, with four more for each message's frame. */
export function countPromptTokens(messages: readonly PromptMessage[], bytesPerToken: number): number {
  return messages.reduce((sum, message) => {
    const beside = partsOf(message).reduce((tokens, part) => tokens + partTokens(part), 0)
    return sum + 4 + countTokens(textOf(message), bytesPerToken) + beside
  }, 0)
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, inner]) => [key, sortKeys(inner)]))
}
