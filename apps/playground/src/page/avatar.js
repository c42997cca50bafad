/** The coloured circle that stands for somebody. */
import { element } from './element.js'

const COLORS = 7

/** The class of somebody's colour. */
export function avatarColor(id = 0) {
  return `color-${Math.abs(id) % COLORS}`
}

/** A circle with the first letter; decoration, since the name stands beside it. */
export function avatar({ id, title }) {
  const [letter = '?'] = title
  return element('span', { class: `avatar ${avatarColor(id)}`, 'aria-hidden': 'true' }, letter.toUpperCase())
}
