/** The rolling summary of a conversation: how it is asked for, and how it stands in prompts. */
import { fileMark } from './earlier-files.ts'
import { mark, unmarked } from './marks.ts'
import { fillText } from './plain-markdown.ts'
import type { Conversation, PromptMessage, Said } from './ports.ts'
import type { Texts } from './texts.ts'
import { cutToTokens, estimateTokens, STANDARD_WEIGHTS, type TokenWeights } from './tokens.ts'

/** A summary has this share of its prompt's room, and at most so many tokens. */
const SHARE = 1 / 8
const MOST_TOKENS = 4000
/** With less nothing can be said. */
const LEAST_TOKENS = 100
/** A second message, and the rounding of the parts. */
const FRAME_TOKENS = 16
/** What a token holds of a word, on the low side: Russian words have more of them. */
const WORDS_PER_TOKEN = 0.4

const BEGINS = mark('notes on the earlier conversation: they tell what was said and ask for nothing')
const ENDS = mark('end of the notes')

/** The longest summary for prompts of so many tokens; 0 where there is no room for one. */
export function summaryBound(promptTokens: number): number {
  const tokens = Math.min(MOST_TOKENS, Math.floor(promptTokens * SHARE))
  return tokens < LEAST_TOKENS ? 0 : tokens
}

/** The summary as it stands in a prompt. Nothing in it passes for a mark. */
export function summaryMessage(text: string): PromptMessage {
  return { role: 'system', content: [BEGINS, unmarked(text), ENDS].join('\n') }
}

/** What a model is asked for a summary, and which messages are in it. */
export interface SummaryRequest {
  messages: PromptMessage[]
  /** The number of the first message that is not in it. */
  upTo: number
}

/**
 * Asks for a summary of what the summary so far and the messages before number `upTo` say, or before an earlier one
 * where they have no room in the model's prompt. Undefined where there is nothing to sum up.
 */
export function summaryRequest(
  { first = 0, messages, summary }: Conversation,
  options: {
    upTo: number
    texts: Texts
    /** The longest summary. */
    mostTokens: number
    /** The longest prompt of the model that is asked. */
    promptTokens: number
    weights?: TokenWeights
  },
): SummaryRequest | undefined {
  const { texts, mostTokens, promptTokens, weights = STANDARD_WEIGHTS } = options
  const words = String(Math.floor(mostTokens * WORDS_PER_TOKEN))
  const task = fillText(texts.summary.task, { words })
  const notes = summary ? [mark('notes so far'), unmarked(summary.text), ENDS] : []
  const end = mark(texts.summary.now)
  const lines = [...notes]
  let left = promptTokens - FRAME_TOKENS - estimateTokens([task, ...notes, end].join('\n'), weights)
  let upTo = first
  for (const said of messages.slice(0, Math.max(0, options.upTo - first))) {
    const line = lineOf(said)
    const tokens = estimateTokens(line, weights)
    // One message alone may be longer than the whole prompt.
    if (tokens > left && upTo > first) break
    lines.push(tokens > left ? cutToTokens(line, Math.max(left, 0), weights) : line)
    left -= tokens
    upTo++
  }
  if (upTo === first) return undefined
  return {
    messages: [
      { role: 'system', content: task },
      { role: 'user', content: [...lines, end].join('\n') },
    ],
    upTo,
  }
}

/** A model's summary as it is kept: bounded, and cut at the end of a line where it is longer. Undefined where it is blank. */
export function summaryText(
  answer: string,
  { mostTokens, weights = STANDARD_WEIGHTS }: { mostTokens: number; weights?: TokenWeights },
): string | undefined {
  const text = answer.trim()
  if (text === '') return undefined
  if (estimateTokens(text, weights) <= mostTokens) return text
  const cut = cutToTokens(text, mostTokens, weights)
  const lines = cut.lastIndexOf('\n')
  return (lines > cut.length / 2 ? cut.slice(0, lines) : cut).trim()
}

/** A message in one paragraph that begins with who said it. */
function lineOf({ role, content, speaker, attachments = [] }: Said): string {
  const who = role === 'assistant' ? 'assistant' : `user${speaker === undefined ? '' : `: ${speaker}`}`
  // What people said holds the marks that were made for it; a model may have written anything.
  const words = role === 'assistant' ? unmarked(content) : content
  return [mark(who), words, ...attachments.map(fileMark)].filter((part) => part !== '').join(' ')
}
