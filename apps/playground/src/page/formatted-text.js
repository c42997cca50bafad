/** Shows a text with Telegram's entities as elements. */
import { element } from './element.js'

const TAGS = { bold: 'strong', italic: 'em', underline: 'u', strikethrough: 's', code: 'code' }
const BLOCKS = new Set(['pre', 'blockquote', 'expandable_blockquote'])
/** What a quote shows before it is expanded. */
const SHORT_LINES = 3
const SHORT_CHARS = 160

/** The text as nodes. Offsets count UTF-16 units, as JavaScript's strings do. */
export function formattedText(text, entities) {
  const root = document.createDocumentFragment()
  const known = entities.filter(({ offset, length }) => offset >= 0 && length > 0)
  fill(root, { text, from: 0, to: text.length, entities: inOrder(known) })
  return root
}

function fill(parent, { text, from, to, entities }) {
  let at = from
  let rest = entities
  while (rest.length > 0) {
    const [entity, ...others] = rest
    const start = Math.max(entity.offset, at)
    const end = Math.min(endOf(entity), to)
    const inside = others.filter(({ offset }) => offset < end)
    // One that crosses the end goes on behind it.
    const behind = inside
      .filter((other) => endOf(other) > end)
      .map((other) => ({ ...other, offset: end, length: endOf(other) - end }))
    rest = inOrder([...behind, ...others.filter(({ offset }) => offset >= end)])
    if (end <= start) continue
    addText(parent, text.slice(at, start))
    const { outer, inner } = nodesFor(entity, text.slice(start, end))
    fill(inner, { text, from: start, to: end, entities: inside })
    parent.append(outer)
    at = end
    // A block ends its line by itself.
    if (BLOCKS.has(entity.type) && at < to && text[at] === '\n') at++
  }
  addText(parent, text.slice(at, to))
}

const endOf = ({ offset, length }) => offset + length

function inOrder(entities) {
  return [...entities].sort((one, other) => one.offset - other.offset || other.length - one.length)
}

function addText(parent, text) {
  if (text !== '') parent.append(text)
}

function nodesFor(entity, content) {
  const both = (node) => ({ outer: node, inner: node })
  switch (entity.type) {
    case 'spoiler':
      return both(spoiler())
    case 'pre':
      return codeBlock(entity.language)
    case 'blockquote':
      return both(element('blockquote'))
    case 'expandable_blockquote':
      return expandable(content)
    case 'url':
      return both(link(/^[a-z][a-z0-9+.-]*:\/\//i.test(content) ? content : `https://${content}`))
    case 'email':
      return both(link(`mailto:${content}`))
    case 'text_link':
      return both(link(entity.url ?? ''))
    default:
      return both(
        TAGS[entity.type] ? element(TAGS[entity.type]) : element('span', { class: `entity ${entity.type}` }),
      )
  }
}

/** A link to the outside; an address of another kind than the web's stays text. */
function link(address) {
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (!url || !['http:', 'https:', 'mailto:', 'tel:'].includes(url.protocol)) return element('span')
  return element('a', { href: url.href, target: '_blank', rel: 'noopener noreferrer' })
}

function spoiler() {
  const show = (event) => {
    const { currentTarget: hidden } = event
    if (!hidden.hasAttribute('role') || (event.type === 'keydown' && !['Enter', ' '].includes(event.key)))
      return
    event.preventDefault()
    hidden.classList.add('shown')
    for (const name of ['role', 'tabindex', 'aria-label']) hidden.removeAttribute(name)
  }
  return element('span', {
    class: 'spoiler',
    role: 'button',
    tabindex: 0,
    'aria-label': 'Hidden text: show it',
    'data-state': 'attributes',
    onclick: show,
    onkeydown: show,
  })
}

function codeBlock(language) {
  const code = element('code')
  // Reachable by keyboard: long lines scroll.
  const pre = element(
    'pre',
    { tabindex: 0, role: 'group', 'aria-label': language ? `Code in ${language}` : 'Code' },
    code,
  )
  const title = language ? element('div', { class: 'language', 'aria-hidden': 'true' }, language) : undefined
  return { outer: element('div', { class: 'code-block' }, title, pre), inner: code }
}

function expandable(content) {
  const inner = element('div', { class: 'quoted' })
  if (content.length <= SHORT_CHARS && content.split('\n').length <= SHORT_LINES) {
    return { outer: element('blockquote', {}, inner), inner }
  }
  const show = ({ currentTarget: toggle }) => {
    const isOpen = toggle.parentElement.classList.toggle('open')
    toggle.setAttribute('aria-expanded', String(isOpen))
    toggle.textContent = isOpen ? 'Show less' : 'Show all'
  }
  const toggle = element(
    'button',
    { type: 'button', 'aria-expanded': 'false', 'data-state': 'all', onclick: show },
    'Show all',
  )
  return {
    outer: element('blockquote', { class: 'expandable', 'data-state': 'attributes' }, inner, toggle),
    inner,
  }
}
