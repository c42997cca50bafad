/** How many tokens a text costs, estimated without a tokenizer. */

/** Every message costs a few tokens beside its text. */
const PER_MESSAGE = 4

/**
 * An estimate that errs on the high side for common models: four Latin characters a token, two and a half of other
 * alphabets, one of Chinese, Japanese, Korean and emoji.
 */
export function estimateTokens(text: string): number {
  let quarters = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    quarters += code < 0x250 ? 1 : code < 0x2e80 ? 1.6 : 4
  }
  return Math.ceil(quarters / 4) + PER_MESSAGE
}
