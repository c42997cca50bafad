/** One message as it is shown. */
import { avatarColor } from './avatar.js'
import { element } from './element.js'
import { formattedText } from './formatted-text.js'

const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' })
const FILES = { photo: '🖼 Photo', document: '📄 File', voice: '🎤 Voice message' }

/** A message's article. `acts`: `reply`, `edit` and `press`, called with the message (and the button's data). */
export function bubble(message, { isOwn, acts }) {
  const { from, text, entities, attachment } = message
  const name = from?.name ?? ''
  return element(
    'article',
    {
      class: `message ${isOwn ? 'own' : 'other'} ${avatarColor(from?.id)}`,
      'data-id': message.id,
      'data-from': from?.id,
      'aria-label': `${name}, ${clock.format(new Date(message.sentAtSeconds * 1000))}`,
    },
    element(
      'div',
      { class: 'bubble' },
      element('div', { class: 'sender' }, name),
      message.replyTo && quoteOf(message.replyTo),
      attachment && element('div', { class: 'attachment' }, FILES[attachment] ?? attachment),
      element('div', { class: 'text', dir: 'auto' }, formattedText(text, entities)),
      signature(message),
    ),
    buttonsOf(message, acts),
    element(
      'div',
      { class: 'acts' },
      element('button', { type: 'button', onclick: () => acts.reply(message) }, 'Reply'),
      from && !from.isBot
        ? element('button', { type: 'button', class: 'edit', onclick: () => acts.edit(message) }, 'Edit')
        : undefined,
    ),
  )
}

/** One line of a message, for the list of chats and for quotes. */
export function lineOf({ text, attachment }) {
  return text.replace(/\s+/g, ' ').slice(0, 120) || FILES[attachment] || attachment || ''
}

function signature({ sentAtSeconds, isEdited }) {
  const sentAt = new Date(sentAtSeconds * 1000)
  return element(
    'div',
    { class: 'signature' },
    isEdited ? element('span', {}, 'edited ') : undefined,
    element('time', { datetime: sentAt.toISOString() }, clock.format(sentAt)),
  )
}

function quoteOf({ id, name, text }) {
  const show = () => document.querySelector(`.message[data-id="${id}"]`)?.scrollIntoView({ block: 'center' })
  return element(
    'button',
    { type: 'button', class: 'replied', 'aria-label': `In reply to ${name}: ${text}`, onclick: show },
    element('b', {}, name),
    element('span', { dir: 'auto' }, lineOf({ text })),
  )
}

function buttonsOf(message, acts) {
  if (message.buttons.length === 0) return undefined
  const show = ({ text, url, data }) =>
    url && /^https?:\/\//i.test(url)
      ? element('a', { class: 'key', href: url, target: '_blank', rel: 'noopener noreferrer' }, text)
      : element(
          'button',
          { class: 'key', type: 'button', disabled: !data, onclick: () => acts.press(message, data) },
          text,
        )
  const rows = message.buttons.map((row) => element('div', {}, ...row.map(show)))
  return element('div', { class: 'keyboard' }, ...rows)
}
