// Whether brackets at the end of an unfinished text may still become a link or an image.
import { MAX_HELD_UNITS } from './unfinished-tail.ts'

// What follows a label while a destination and a title are written; a destination has no blanks in it.
const DESTINATION =
  /^\(\s*(?:<[^<>\n]*>?|[^\s<]\S*)?(?:\s+(?:"[^"]{0,200}"?|'[^']{0,200}'?|\([^()]{0,200}\)?)?)?$/
const REFERENCE = /^\[[^[\]]{0,200}$/
const CODE = /(?<!`)(`+)(?!`).*?(?<!`)(?:\1(?!`)|$)/gs
const LINK = /(?<!!)\[[^[\]]*\]\([^()\s]*\)/

/**
 * Whether what begins with `[` at `from` may become a link by what is written next. `labelEnd` is the position of the
 * bracket that closes the label, -1 if none does.
 */
export function mayBecomeLink(text: string, { from, labelEnd }: { from: number; labelEnd: number }): boolean {
  const isNear = text.length - from <= MAX_HELD_UNITS
  if (labelEnd < 0) return isNear && isLabelOpen(text.slice(from))
  const rest = text.slice(labelEnd + 1)
  return (isNear && (rest === '' || REFERENCE.test(rest))) || DESTINATION.test(rest)
}

/** Whether a label has no end yet, and no link in it: then it is none. */
function isLabelOpen(label: string): boolean {
  const text = label.replace(CODE, '')
  let depth = 0
  for (let position = 0; position < text.length; position++) {
    const character = text[position]
    if (character === '\\') position++
    else if (character === '[') depth++
    else if (character === ']' && --depth === 0) return false
  }
  return !LINK.test(text)
}
