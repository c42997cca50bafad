/** Turns an element into another one and keeps what did not change: the selection, the focus, what was unfolded. */

/**
 * Makes `before` look like `after`, which is used up. Elements of another kind are replaced. Of an element with
 * `data-state="attributes"` the attributes stay as they are, of one with `data-state="all"` everything: both hold what
 * the reader did with them. Listeners stay too, so they must not know more than the element says of itself.
 */
export function morph(before, after) {
  if (!isAlike(before, after)) return before.replaceWith(after)
  if (before.nodeType === Node.TEXT_NODE) return morphText(before, after)
  const { state } = before.dataset
  if (state === 'all') return
  if (state === undefined) morphAttributes(before, after)
  const old = [...before.childNodes]
  const fresh = [...after.childNodes]
  for (const [at, child] of fresh.entries()) {
    if (old[at]) morph(old[at], child)
    else before.append(child)
  }
  for (const child of old.slice(fresh.length)) child.remove()
}

function isAlike(one, other) {
  if (one.nodeType !== other.nodeType || one.nodeName !== other.nodeName) return false
  return one.nodeType !== Node.ELEMENT_NODE || one.classList[0] === other.classList[0]
}

/** Appending leaves a selection in what was there before. */
function morphText(before, { data }) {
  if (data === before.data) return
  if (data.startsWith(before.data)) before.appendData(data.slice(before.data.length))
  else before.data = data
}

function morphAttributes(before, after) {
  for (const { name } of [...before.attributes]) if (!after.hasAttribute(name)) before.removeAttribute(name)
  for (const { name, value } of after.attributes) {
    if (before.getAttribute(name) !== value) before.setAttribute(name, value)
  }
}
