/** Keeps a model's thoughts out of its answer, where a provider leaves them in the text between tags. */

/** The tags in use; the same name closes what it opened. They stand before the answer, one block after the other. */
const NAMES = ['think', 'thinking', 'thought', 'reasoning', 'mm:think']
const OPENING = new RegExp(`^\\s*<(${NAMES.join('|')})>`, 'i')
const ANY_TAG = new RegExp(`</?(?:${NAMES.join('|')})>`, 'i')

/** Whether `text` itself speaks of such tags: an answer to it may begin with one and mean it. */
export function speaksOfReasoningTags(text: string): boolean {
  return ANY_TAG.test(text)
}

/**
 * Takes an answer piece by piece, wherever it is cut. Blocks at the beginning are left out; from the first word of the
 * answer on everything is passed on as it is, so that tags in a code example stay. A block that is never closed is thought
 * to the end.
 */
export class ReasoningFilter {
  #state: 'before' | 'inside' | 'answering'
  #held = ''
  #closing = ''
  #hasThought = false

  /** `isOff`: passes everything on. */
  constructor({ isOff }: { isOff: boolean }) {
    this.#state = isOff ? 'answering' : 'before'
  }

  /** What of the answer is known to be one, now that `delta` has come; '' for nothing yet. */
  take(delta: string): string {
    if (this.#state === 'answering') return delta
    this.#held += delta
    for (;;) {
      if (this.#state === 'inside') {
        if (!this.#leaveBlock()) return ''
      } else if (!this.#enterBlock()) return this.#begin()
    }
  }

  /** What was held back and is text after all, now that the answer has ended. */
  end(): string {
    const text = this.#state === 'before' ? this.#held : ''
    this.#held = ''
    return this.#hasThought ? text.trimStart() : text
  }

  /** What comes from now on is the answer: a provider says elsewhere what it thinks. Returns what was held back. */
  passOn(): string {
    if (this.#state !== 'before') return ''
    const text = this.end()
    this.#state = 'answering'
    return text
  }

  #enterBlock(): boolean {
    const opening = OPENING.exec(this.#held)
    if (!opening) return false
    this.#state = 'inside'
    this.#closing = `</${opening[1]}>`.toLowerCase()
    this.#held = this.#held.slice(opening[0].length)
    return true
  }

  #leaveBlock(): boolean {
    const at = this.#held.toLowerCase().indexOf(this.#closing)
    if (at < 0) {
      // Only the beginning of the closing tag is worth keeping.
      this.#held = this.#held.slice(-(this.#closing.length - 1))
      return false
    }
    this.#state = 'before'
    this.#hasThought = true
    this.#held = this.#held.slice(at + this.#closing.length)
    return true
  }

  /** Passes on what is no opening tag and can't become one. */
  #begin(): string {
    const text = this.#held.trimStart()
    return isBeginningOfTag(text) ? '' : this.passOn()
  }
}

function isBeginningOfTag(text: string): boolean {
  return NAMES.some((name) => `<${name}>`.startsWith(text.toLowerCase()))
}
