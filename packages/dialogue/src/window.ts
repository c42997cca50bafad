/** Fits a conversation into a budget of tokens by leaving out its oldest messages. */
import type { PromptMessage, Said } from './ports.ts'
import { estimateTokens } from './tokens.ts'

/** The newest messages that fit into `maxTokens` beside `reservedTokens`; the newest always stays, cut if need be. */
export function fitMessages(options: {
  messages: readonly Said[]
  maxTokens: number
  reservedTokens: number
}): Said[] {
  const { messages, maxTokens, reservedTokens } = options
  let left = maxTokens - reservedTokens
  const kept: Said[] = []
  for (const message of messages.toReversed()) {
    const cost = costOf(message)
    if (cost > left) {
      if (kept.length === 0) {
        const { attachments: _, ...rest } = message
        kept.push({ ...rest, content: cutToTokens(message.content, Math.max(left, 16)) })
      }
      break
    }
    left -= cost
    kept.push(message)
  }
  const fitted = kept.toReversed()
  // A conversation that begins with an answer would have lost the question it belongs to.
  return fitted[0]?.role === 'assistant' ? fitted.slice(1) : fitted
}

/** System prompt and conversation as the model gets them. */
export function promptOf(systemPrompt: string, messages: readonly Said[]): PromptMessage[] {
  return [
    { role: 'system', content: systemPrompt },
    ...messages.map(({ role, content, attachments }) => ({
      role,
      content,
      ...(attachments?.length && { attachments }),
    })),
  ]
}

/** What a prompt costs, estimated. */
export function promptTokensOf(prompt: readonly PromptMessage[]): number {
  return prompt.reduce((sum, message) => sum + costOf(message), 0)
}

function costOf({ content, attachments = [] }: Pick<Said, 'content' | 'attachments'>): number {
  return estimateTokens(content) + attachments.reduce((sum, { tokens }) => sum + tokens, 0)
}

/** The longest beginning of `text` that costs at most so many tokens, never half of a symbol. */
export function cutToTokens(text: string, tokens: number): string {
  let [low, high] = [0, text.length]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (estimateTokens(text.slice(0, middle)) <= tokens) low = middle
    else high = middle - 1
  }
  const isInsidePair = /[\uD800-\uDBFF]/.test(text[low - 1] ?? '')
  return text.slice(0, isInsidePair ? low - 1 : low)
}
