// Emphasis where CommonMark's rules, made for words with spaces between them, miss what a model plainly meant.
import type MarkdownIt from 'markdown-it'

const CJK =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff01-\uff60]/u
const CLOSING = /[:.,;!?…»”’)\]%]/u
const OPENING = /[«“„]/u
/** The star of a product, be it of a number and a name. */
export const TIMES = /(?<=\d)\*(?=[\da-z])|(?<=[a-z])\*(?=\d)/i
const LETTER = /[\p{L}\p{N}]/u

/**
 * Lets `**标题：**正文` and `**Note:**text` close, and `中**（注）**` open: beside an East Asian character, and after
 * closing punctuation before a letter. Lets `2*3*x` be a product.
 */
export function forgiveEmphasis(md: InstanceType<typeof MarkdownIt>): void {
  md.inline.State = class ForgivingState extends md.inline.State {
    override scanDelims(start: number, canSplitWord: boolean): ReturnType<InlineState['scanDelims']> {
      const scanned = super.scanDelims(start, canSplitWord)
      if (
        canSplitWord &&
        scanned.length === 1 &&
        TIMES.test(this.src.slice(Math.max(0, start - 1), start + 2))
      ) {
        return { length: 1, can_open: false, can_close: false }
      }
      if (!canSplitWord || scanned.length < 2 || (scanned.can_open && scanned.can_close)) return scanned
      const before = characterBefore(this.src, start)
      const after = String.fromCodePoint(this.src.codePointAt(start + scanned.length) ?? 0x20)
      if (isSpace(before) || isSpace(after)) return scanned
      return {
        length: scanned.length,
        can_open: scanned.can_open || CJK.test(before) || (OPENING.test(after) && LETTER.test(before)),
        can_close: scanned.can_close || CJK.test(after) || (CLOSING.test(before) && LETTER.test(after)),
      }
    }
  }
}

type InlineState = InstanceType<typeof MarkdownIt.StateInline>

function characterBefore(text: string, position: number): string {
  const pair = text.codePointAt(position - 2) ?? 0
  return pair > 0xffff ? String.fromCodePoint(pair) : (text[position - 1] ?? ' ')
}

function isSpace(character: string): boolean {
  return character.trim() === ''
}
