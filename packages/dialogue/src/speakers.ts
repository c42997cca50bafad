/** Who says what, where several speak: each message begins with a mark that nobody's words can forge. */
import { inMark, mark } from './marks.ts'
import type { Said } from './ports.ts'

/** Letters that draw nothing, or turn the direction of what follows. */
const UNSEEN = /[\p{Cc}\p{Cf}]/gu

/** A name as it stands in a mark: in one line, without what can't be seen; undefined where nothing is left. */
export function speakerName(name: string): string | undefined {
  return inMark(name.replace(UNSEEN, ' ')) || undefined
}

/** The words of a message as a model reads them: `⟦from Anna⟧` stands above those of a speaker. */
export function spokenWords({ content, speaker }: Pick<Said, 'content' | 'speaker'>): string {
  if (speaker === undefined) return content
  return content === '' ? mark(`from ${speaker}`) : `${mark(`from ${speaker}`)}\n${content}`
}
