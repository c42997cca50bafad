/** Keeps a list at its end for as long as the reader is there, and where the reader is otherwise. */

/** So far from the end, in pixels, the reader is still at it: less than a line. */
const NEAR_PX = 16

/** `list` scrolls. `atEnd` is called when the reader comes to its end. */
export function keepAtEnd(list, atEnd) {
  let isAtEnd = true
  const toEnd = () => {
    list.scrollTop = list.scrollHeight
    isAtEnd = true
    atEnd()
  }
  list.addEventListener('scroll', () => {
    isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_PX
    if (isAtEnd) atEnd()
  })
  // The composer grows, a keyboard comes up, the window changes.
  new ResizeObserver(() => isAtEnd && toEnd()).observe(list)
  return {
    toEnd,
    /** Called after each change of what is in the list. False where the reader is elsewhere and stays there. */
    follow() {
      if (isAtEnd) toEnd()
      return isAtEnd
    },
    /** The reader unfolds something: what follows moves down, not what is read. */
    letGo() {
      isAtEnd = false
    },
  }
}
