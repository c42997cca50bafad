/** Where an answer that broke off can be taken up again, and how the two pieces are put together. */

/** A place to go on from. */
export interface Seam {
  /** What the model is shown as the beginning of its own answer: it ends with a whole word. */
  prefill: string
  /** The text so far, now that the model has added `added`; what was said before, as long as that says nothing new. */
  join(added: string): string
  /** The text now that the model has ended. */
  end(added: string): string
}

/** Less than this is begun anew: there is nothing to lose, and a repeat of it could not be told from an answer. */
const LEAST_CHARS = 40
/** A text without spaces for so long (Chinese, a long address) is taken up right where it ends. */
const LONGEST_WORD_CHARS = 200

/**
 * The seam of what was said; undefined where it is too short. The last word is left to the model: it may be half a word,
 * Anthropic refuses a beginning that ends with a space, and some providers cut the space that their piece begins with,
 * others repeat the beginning (seen with Bedrock and Mistral). The space before that word is known, so it is put back as
 * it was.
 */
export function seamOf(said: string): Seam | undefined {
  const { prefill, gap } = splitAtLastWord(said)
  if (prefill.length < LEAST_CHARS) return undefined
  const glue = (piece: string) => {
    const text = gap === undefined ? piece : piece.trimStart()
    return text === '' ? said : prefill + (gap ?? '') + text
  }
  const end = (added: string) => glue(added.startsWith(prefill) ? added.slice(prefill.length) : added)
  // Whoever repeats the beginning has said nothing new before it is through with it.
  return { prefill, end, join: (added) => (prefill.startsWith(added) ? said : end(added)) }
}

/** `gap`: the space between the beginning and the last word; undefined where it ends in the middle of a long one. */
function splitAtLastWord(said: string): { prefill: string; gap?: string } {
  const text = said.trimEnd()
  const word = /\S+$/.exec(text)?.[0] ?? ''
  if (word.length > LONGEST_WORD_CHARS) return { prefill: text }
  const before = text.slice(0, text.length - word.length)
  const prefill = before.trimEnd()
  return { prefill, gap: before.slice(prefill.length) }
}
