/** The messages of the chat that is open. */
import { bubble } from './bubble.js'
import { element } from './element.js'
import { keepAtEnd } from './end-keeper.js'
import { morph } from './morph.js'
import { signBubble } from './sign-bubble.js'

const dayFormat = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'long' })

/**
 * A list that is changed message by message and within them, so that what is unfolded, selected or read stays.
 * `isOwn` says whose messages stand on the right; `empty` is shown while there are none; `acts` are a message's, and
 * `stop` for a draft.
 */
export function createConversation({ isOwn, acts, empty }) {
  /** What is shown, by id; `seq` tells which of two states is newer. A deleted message stays as a note without message. */
  const shown = new Map()
  /** The articles, by message or album. */
  const nodes = new Map()
  const log = element('div', {
    class: 'log',
    role: 'log',
    'aria-label': 'Messages',
    // A text that grows is not read out again and again.
    'aria-relevant': 'additions',
    tabindex: 0,
  })
  const sign = element('div', { class: 'sign' })
  const down = element(
    'button',
    { type: 'button', class: 'down', hidden: true, onclick: () => end.toEnd() },
    '↓ New messages',
  )
  const list = element('div', { class: 'list' }, log, sign)
  const root = element('div', { class: 'messages' }, list, down)
  const end = keepAtEnd(list, () => {
    down.hidden = true
  })
  log.addEventListener('click', ({ target }) => target.closest('.expandable > button') && end.letGo(), true)
  log.addEventListener('click', ({ target }) => choose(target))

  /** Shows a message, new or changed; an older state of it than what is shown changes nothing. */
  function put(message) {
    const before = shown.get(message.id)
    if (before && before.seq >= message.seq) return
    const isNew = !before
    shown.set(message.id, { seq: message.seq, message })
    draw(keyOf(message))
    if (isNew) tidy()
    if (isNew && isOwn(message)) end.toEnd()
    else if (!end.follow() && isNew) down.hidden = false
  }

  /** Draws an article anew; its parts, if it is an album's, are all that is there of it. */
  function draw(key) {
    const before = nodes.get(key)
    const parts = [...shown.values()]
      .map(({ message }) => message)
      .filter((message) => message && keyOf(message) === key)
      .sort((one, other) => one.id - other.id)
    const [first] = parts
    if (!first) {
      before?.remove()
      nodes.delete(key)
      return
    }
    const node = bubble(parts, { isOwn: isOwn(first), acts })
    // What is said of an article here is not the bubble's.
    for (const name of ['follows', 'chosen']) {
      node.classList.toggle(name, before?.classList.contains(name) === true)
    }
    if (before?.dataset.id === node.dataset.id) return morph(before, node)
    nodes.set(key, node)
    if (before) before.replaceWith(node)
    else insert(node, first)
  }

  /** A touch of a message, not of what can be pressed in it, shows what can be done with it. */
  function choose(target) {
    const chosen = target.closest('a, button, audio, .spoiler[role]') ? null : target.closest('.message')
    for (const node of nodes.values()) {
      node.classList.toggle('chosen', node === chosen && !node.classList.contains('chosen'))
    }
  }

  function insert(node, { id }) {
    const next = [...log.querySelectorAll('.message')].find((other) => Number(other.dataset.id) > id)
    log.insertBefore(node, next ?? null)
  }

  function remove({ messageIds, seq }) {
    for (const id of messageIds) {
      const { message } = shown.get(id) ?? {}
      shown.set(id, { seq })
      if (message) draw(keyOf(message))
    }
    tidy()
    end.follow()
  }

  /** Takes what the server has at `seq` for the truth about everything up to then. */
  function putAll({ messages, seq }) {
    // Nobody wants to hear all of a chat that is just opened.
    log.setAttribute('aria-busy', 'true')
    const there = new Set(messages.map(({ id }) => id))
    const gone = [...shown].filter(([id, entry]) => !there.has(id) && entry.seq <= seq).map(([id]) => id)
    remove({ messageIds: gone, seq })
    for (const message of messages) put(message)
    log.removeAttribute('aria-busy')
  }

  /** Shows the bot's reaction to a message. */
  function react({ messageId, reactions }) {
    const entry = shown.get(messageId)
    if (!entry?.message) return
    entry.message = { ...entry.message, reactions }
    draw(keyOf(entry.message))
    end.follow()
  }

  /** Days, and which messages follow one of the same sender. */
  function tidy() {
    for (const day of log.querySelectorAll('.day')) day.remove()
    let previous
    for (const node of log.querySelectorAll('.message')) {
      const message = find(Number(node.dataset.id))
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
    for (const node of nodes.values()) {
      const mine = isOwn(find(Number(node.dataset.id)))
      node.classList.toggle('own', mine)
      node.classList.toggle('other', !mine)
    }
  }

  /** Shows that the bot writes: a draft, `{}` for three dots, or (undefined) that it does not. */
  function showSign(state) {
    const [before] = sign.children
    if (!state) before?.remove()
    else if (before) morph(before, signBubble(state, acts.stop))
    else sign.append(signBubble(state, acts.stop))
    end.follow()
  }

  /** A message that is shown. */
  function find(id) {
    return shown.get(id)?.message
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
  return { root, put, putAll, remove, react, turn, showSign, find, findLast, toEnd: end.toEnd }
}

function keyOf({ id, albumId }) {
  return albumId ?? id
}
