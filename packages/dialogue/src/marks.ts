/** Marks in a prompt that say where words come from. They stand in brackets that nobody else's words may hold. */

/** A mark, such as `⟦forwarded from Anna⟧`. */
export function mark(text: string): string {
  return `⟦${unmarked(text)}⟧`
}

/** Words of others, in which nothing passes for a mark: its brackets become others that look alike. */
export function unmarked(text: string): string {
  return text.replaceAll('⟦', '〚').replaceAll('⟧', '〛')
}

/** A name or a title as it may stand in a mark: one line, not long. */
export function inMark(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > 80 ? `${[...line].slice(0, 79).join('')}…` : line
}
