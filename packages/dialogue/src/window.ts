/** Fits a conversation into a budget of tokens by leaving out its oldest messages. */
import { filesToSend } from './earlier-files.ts'
import type { Attachment, PromptMessage, Said } from './ports.ts'
import { spokenWords } from './speakers.ts'
import {
  addCounts,
  countText,
  cutToTokens,
  type PromptCounts,
  STANDARD_WEIGHTS,
  type TokenWeights,
  tokensOf,
} from './tokens.ts'

/** A file that is not sent costs as much as its mark does, at most. */
const MARK_TOKENS = 24

/** The newest messages that fit into `maxTokens` beside `reservedTokens`; the newest always stays, cut if need be. */
export function fitMessages(options: {
  messages: readonly Said[]
  maxTokens: number
  reservedTokens: number
  weights?: TokenWeights
}): Said[] {
  const { messages, maxTokens, reservedTokens, weights = STANDARD_WEIGHTS } = options
  const left = maxTokens - reservedTokens
  const from = firstWithin(messageCosts(messages, weights), left)
  const newest = messages.at(-1)
  if (newest && from === messages.length) {
    const { attachments: _, ...rest } = newest
    return [{ ...rest, content: cutToTokens(newest.content, Math.max(left, 16), weights) }]
  }
  const fitted = messages.slice(from)
  // A conversation that begins with an answer would have lost the question it belongs to.
  return fitted[0]?.role === 'assistant' ? fitted.slice(1) : fitted
}

/** The first of the messages that fit with all that follow it into so many tokens; their number where none does. */
export function firstWithin(costs: readonly number[], maxTokens: number): number {
  let [from, left] = [costs.length, maxTokens]
  while (from > 0) {
    left -= costs[from - 1] ?? 0
    if (left < 0) break
    from--
  }
  return from
}

/** What each of the messages costs in a prompt that has all of them; a file that is not sent again is a mark. */
export function messageCosts(messages: readonly Said[], weights: TokenWeights): number[] {
  const sent = new Set(filesToSend(messages))
  return messages.map((message) => {
    const { attachments } = message
    const words = tokensOf(countWords(message), weights)
    return attachments ? words + filesCost(attachments, { sent, weights }) : words
  })
}

/** A turn looks at every message of a conversation several times: counting is most of what that costs. */
const counted = new WeakMap<Said, PromptCounts>()

function countWords(message: Said): PromptCounts {
  const known = counted.get(message)
  if (known) return known
  const counts = countText(spokenWords(message))
  counted.set(message, counts)
  return counts
}

function filesCost(
  attachments: readonly Attachment[],
  { sent, weights }: { sent: ReadonlySet<Attachment>; weights: TokenWeights },
): number {
  const costOf = (file: Attachment) => {
    if (!sent.has(file)) return MARK_TOKENS
    return file.kind === 'picture' ? Math.ceil(file.tokens * weights.pictures) : file.tokens
  }
  return attachments.reduce((sum, file) => sum + costOf(file), 0)
}

/** System prompt, what stands for earlier messages, and the conversation, as the model gets them. */
export function promptOf(
  systemPrompt: string,
  messages: readonly Said[],
  earlier?: PromptMessage,
): PromptMessage[] {
  return [
    { role: 'system', content: systemPrompt },
    ...(earlier ? [earlier] : []),
    ...messages.map((message) => ({
      role: message.role,
      content: spokenWords(message),
      ...(message.attachments?.length && { attachments: message.attachments }),
    })),
  ]
}

/** What a prompt costs, estimated. */
export function promptTokensOf(
  prompt: readonly PromptMessage[],
  weights: TokenWeights = STANDARD_WEIGHTS,
): number {
  const words = tokensOf(addCounts(prompt.map(({ content }) => countText(content))), weights)
  const sent = new Set(filesToSend(prompt))
  return prompt.reduce((sum, { attachments }) => sum + filesCost(attachments ?? [], { sent, weights }), words)
}
