/** How many tokens a text costs, estimated without a tokenizer, and better where it is known how a model counts. */

/** What prompts are made of, as far as models count it: characters by alphabet, messages, and pictures. */
export interface PromptCounts {
  /** Latin letters, digits, signs and spaces. */
  latin: number
  /** Cyrillic, Greek, Arabic and the like. */
  other: number
  /** Chinese, Japanese, Korean, and the halves of emoji. */
  wide: number
  messages: number
  /** What the pictures are taken to cost before anything is known of the model, in tokens. */
  pictures: number
}

/** What each of {@link PromptCounts} costs, in tokens. */
export type TokenWeights = Readonly<PromptCounts>

/**
 * What is taken of a model before anything is known of it. It errs on the high side for common models. A message costs a
 * few tokens beside its text.
 */
export const STANDARD_WEIGHTS: TokenWeights = { latin: 0.25, other: 0.5, wide: 1, messages: 4, pictures: 1 }

/** Engines keep texts without such letters in bytes, and know at once that none is there. */
const BEYOND_LATIN = /[\u0250-\uffff]/

/** What one message with the text is made of. */
export function countText(text: string): PromptCounts {
  if (!BEYOND_LATIN.test(text)) return { latin: text.length, other: 0, wide: 0, messages: 1, pictures: 0 }
  let [latin, other] = [0, 0]
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code < 0x250) latin++
    else if (code < 0x2e80) other++
  }
  return { latin, other, wide: text.length - latin - other, messages: 1, pictures: 0 }
}

/** What the parts are made of together. */
export function addCounts(parts: Iterable<PromptCounts>): PromptCounts {
  const sum = { latin: 0, other: 0, wide: 0, messages: 0, pictures: 0 }
  for (const { latin, other, wide, messages, pictures } of parts) {
    sum.latin += latin
    sum.other += other
    sum.wide += wide
    sum.messages += messages
    sum.pictures += pictures
  }
  return sum
}

/** What is made of `counts` costs so many tokens. */
export function tokensOf(counts: PromptCounts, weights: TokenWeights): number {
  const { latin, other, wide, messages, pictures } = counts
  const letters = latin * weights.latin + other * weights.other + wide * weights.wide
  const tokens = letters + messages * weights.messages + pictures * weights.pictures
  // Sums of fractions may lie a trifle above the whole number that they are.
  return Math.ceil(tokens - 1e-6)
}

/** What a message with the text costs, in tokens. */
export function estimateTokens(text: string, weights: TokenWeights = STANDARD_WEIGHTS): number {
  return tokensOf(countText(text), weights)
}

/** The longest beginning of `text` that costs at most so many tokens as a message, never half of a symbol. */
export function cutToTokens(text: string, tokens: number, weights: TokenWeights = STANDARD_WEIGHTS): string {
  let [low, high] = [0, text.length]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (estimateTokens(text.slice(0, middle), weights) <= tokens) low = middle
    else high = middle - 1
  }
  const isInsidePair = /[\uD800-\uDBFF]/.test(text[low - 1] ?? '')
  return text.slice(0, isInsidePair ? low - 1 : low)
}
