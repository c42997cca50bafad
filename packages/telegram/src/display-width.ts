// How many columns a text takes in a monospaced block.

const NARROW = /^[\u0020-\u02ff\u0370-\u0482\u048a-\u058f]*$/
const WIDE =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff01-\uff60]/u
const EMOJI = /\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f|\u20e3/u
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** Columns of a text: East Asian wide characters and emoji take two, marks that combine take none. */
export function displayWidth(text: string): number {
  if (NARROW.test(text)) return text.length
  let width = 0
  for (const { segment } of graphemes.segment(text))
    width += WIDE.test(segment) || EMOJI.test(segment) ? 2 : 1
  return width
}
