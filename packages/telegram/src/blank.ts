// What counts as blank at the border of a message or an entity: Telegram trims it, and refuses a text of nothing else.

/** Whether a UTF-16 unit shows nothing: white space, and the zero-width characters that models let slip in. */
export function isBlank(unit: number): boolean {
  if (unit < 0x80) return unit === 0x20 || (unit >= 0x09 && unit <= 0x0d)
  return (
    unit === 0xa0 ||
    unit === 0x85 ||
    unit === 0x1680 ||
    unit === 0x180e ||
    (unit >= 0x2000 && unit <= 0x200b) ||
    unit === 0x2028 ||
    unit === 0x2029 ||
    unit === 0x202f ||
    unit === 0x205f ||
    unit === 0x2060 ||
    unit === 0x3000 ||
    unit === 0xfeff
  )
}

/** A stretch of a text, as offsets. */
export interface Stretch {
  from: number
  to: number
}

/** The first position in the stretch that is not blank, else its end. */
export function skipBlank(text: string, { from, to }: Stretch): number {
  let position = from
  while (position < to && isBlank(text.charCodeAt(position))) position++
  return position
}

/** The position after the last unit in the stretch that is not blank, else its start. */
export function skipBlankBack(text: string, { from, to }: Stretch): number {
  let position = to
  while (position > from && isBlank(text.charCodeAt(position - 1))) position--
  return position
}
