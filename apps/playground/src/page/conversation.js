/** The messages of the chat that is open. */
import { bubble } from './bubble.js'
import { element } from './element.js'
import { formattedText } from './formatted-text.js'

const dayFormat = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'long' })
/** So far from the end, in pixels, somebody reads what is older and is not to be disturbed. */
const NEAR_PX = 120

/**
 * A list that is changed message by message, so that what is unfolded, selected or read stays.
 * `isOwn` says whose messages stand on the right; `empty` is shown while there are none.
 */
export function createConversation({ isOwn, acts, empty }) {
  /** What is shown, by id; `seq` tells which of two states is newer. A deleted message stays as a note without node. */
  const shown = new Map()
  const log = element('div', { class: 'log', role: 'log', 'aria-label': 'Messages', tabindex: 0 })
  const sign = element('div', { class: 'sign' })
  const down = element(
    'button',
    { type: 'button', class: 'down', hidden: true, onclick: toEnd },
    '↓ New messages',
  )
  const list = element('div', { class: 'list' }, log, sign)
  const root = element('div', { class: 'messages' }, list, down)
  list.addEventListener('scroll', () => {
    if (isNearEnd()) down.hidden = true
  })

  function isNearEnd() {
    return list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_PX
  }

  function toEnd() {
    list.scrollTop = list.scrollHeight
    down.hidden = true
  }

  /** Shows a message, new or changed; an older state of it than what is shown changes nothing. */
  function put(message) {
    const before = shown.get(message.id)
    if (before && before.seq >= message.seq) return
    const stays = isNearEnd()
    const node = bubble(message, { isOwn: isOwn(message), acts })
    shown.set(message.id, { seq: message.seq, node, message })
    if (before?.node) before.node.replaceWith(node)
    else insert(node, message)
    tidy()
    if (stays || isOwn(message)) toEnd()
    else if (!before) down.hidden = false
  }

  function insert(node, { id }) {
    const next = [...log.querySelectorAll('.message')].find((other) => Number(other.dataset.id) > id)
    log.insertBefore(node, next ?? null)
  }

  function remove({ messageIds, seq }) {
    for (const id of messageIds) {
      shown.get(id)?.node?.remove()
      shown.set(id, { seq })
    }
    tidy()
  }

  /** Takes what the server has at `seq` for the truth about everything up to then. */
  function putAll({ messages, seq }) {
    // Nobody wants to hear all of a chat that is just opened.
    log.setAttribute('aria-busy', 'true')
    const there = new Set(messages.map(({ id }) => id))
    const gone = [...shown].filter(([id, entry]) => !there.has(id) && entry.seq <= seq).map(([id]) => id)
    remove({ messageIds: gone, seq })
    for (const message of messages) put(message)
    tidy()
    log.removeAttribute('aria-busy')
  }

  /** Days, and which messages follow one of the same sender. */
  function tidy() {
    for (const day of log.querySelectorAll('.day')) day.remove()
    let previous
    for (const node of log.querySelectorAll('.message')) {
      const { message } = shown.get(Number(node.dataset.id))
      const day = dayFormat.format(new Date(message.sentAtSeconds * 1000))
      if (day !== previous?.day) node.before(element('div', { class: 'day' }, element('span', {}, day)))
      node.classList.toggle('follows', day === previous?.day && message.from?.id === previous?.from)
      previous = { day, from: message.from?.id }
    }
    const isEmpty = previous === undefined
    log.classList.toggle('is-empty', isEmpty)
    if (isEmpty && !empty.isConnected) log.append(empty)
    if (!isEmpty) empty.remove()
  }

  /** Puts messages on their sides anew: in a group somebody else speaks now. */
  function turn() {
    for (const { node, message } of shown.values()) {
      node?.classList.toggle('own', isOwn(message))
      node?.classList.toggle('other', !isOwn(message))
    }
  }

  /** Shows that the bot writes: three dots, or a draft of what it writes. */
  function showSign(state) {
    const stays = isNearEnd()
    if (!state) sign.replaceChildren()
    else {
      const content = state.text
        ? element('div', { class: 'text', dir: 'auto' }, formattedText(state.text, state.entities))
        : element(
            'div',
            { class: 'dots', role: 'img', 'aria-label': 'typing' },
            ...'...'.split('').map(() => element('i')),
          )
      sign.replaceChildren(
        element('div', { class: 'message other' }, element('div', { class: 'bubble draft' }, content)),
      )
    }
    if (stays) toEnd()
  }

  /** The last message that fits. */
  function findLast(fits) {
    return [...shown.values()]
      .map(({ message }) => message)
      .filter((message) => message && fits(message))
      .sort((one, other) => one.id - other.id)
      .at(-1)
  }

  tidy()
  return { root, put, putAll, remove, turn, showSign, findLast, toEnd }
}
