// The inline text that an unfinished document ends in, and how much of it is held back.
import type MarkdownIt from 'markdown-it'
import type { Token } from './markdown-grammar.ts'

/** How far back what is open is held back, in UTF-16 units; a reader would miss more. */
export const MAX_HELD_UNITS = 200

/** What inline rules work on. */
export type InlineState = InstanceType<typeof MarkdownIt.StateInline>

/** A rule that reads an inline construct; silently it only says whether there is one. */
export type InlineRule = (state: InlineState, silent: boolean) => boolean

/** A mark that opens or closes, or might. */
export type Delimiter = InlineState['delimiters'][number]

/** What is known of the inline text that a document ends in: `tail` in the environment that it is parsed in. */
export interface Tail {
  /** Whether what may still get another meaning is to be found; otherwise all that is open is closed. */
  holdsBack: boolean
  /** The inline token, if it can go on. */
  inline?: Token | undefined
  /** Whether it ends where the document ends, with no blank: what follows may join its last character. */
  isWordEnd?: boolean
  /** Where in its content begins what is to be held back. */
  heldFrom?: number
}

/** The tail, if the state reads it, and reads it outside of labels. */
export function tailOf(state: InlineState): Tail | undefined {
  const tail = state.env.tail as Tail | undefined
  const isTail = tail?.inline?.children === state.tokens && state.posMax === state.src.length
  return isTail ? tail : undefined
}

/** Holds back what begins at a position, and what follows it. */
export function hold(tail: Tail, position: number): void {
  tail.heldFrom = Math.min(tail.heldFrom ?? position, position)
}

/** Whether a position is so near to the end that what is open there is held back. */
export function isNear({ src }: InlineState, position: number): boolean {
  return src.length - position <= MAX_HELD_UNITS
}

/** A text without what its end consists of. In time linear to that end, as an expression like `/x+$/` is not. */
export function withoutEnd(text: string, characters: string): string {
  let end = text.length
  while (end > 0 && characters.includes(text.charAt(end - 1))) end--
  return text.slice(0, end)
}
