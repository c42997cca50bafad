/** Formatted text as an assistant writes it, for messages and for replies in the making. */
import type { FormattedText } from '@chatlane/telegram'

const SENTENCE = 'The Moon pulls on the near side of the Earth a little more than on its centre. '
/** Every sentence has so many of its words in bold. */
const BOLD = { offset: 4, length: 4 }

/** The first `sentences` of an answer that differs by `name`; each is 80 units long and has one bold word. */
export function sampleText(sentences: number, name: string | number): FormattedText {
  return {
    text: `${SENTENCE.repeat(sentences)}(${name})`,
    entities: Array.from({ length: sentences }, (_, n) => ({
      type: 'bold',
      offset: BOLD.offset + n * SENTENCE.length,
      length: BOLD.length,
    })),
  }
}
