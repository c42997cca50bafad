/** One message, or the messages of one album, as they are shown. */
import { attachmentLine, attachments } from './attachment.js'
import { avatarColor } from './avatar.js'
import { element } from './element.js'
import { formattedText } from './formatted-text.js'
import { keyboard } from './keyboard.js'

const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' })

/**
 * The article of a message; of an album with several `parts`, the first of which gives it its name. `acts` are called
 * with the message's id: `reply`, `edit`, `remove`, and `press` with `{ messageId, data, key }`.
 */
export function bubble(parts, { isOwn, acts }) {
  const [message] = parts
  const { id, from } = message
  const name = from?.name ?? ''
  // An album's caption is that of the part which has one.
  const { text, entities } = parts.find((part) => part.text !== '') ?? message
  const files = parts.map(({ attachment }) => attachment).filter(Boolean)
  return element(
    'article',
    {
      class: `message ${isOwn ? 'own' : 'other'} ${avatarColor(from?.id)}`,
      'data-id': id,
      'data-from': from?.id,
      'aria-label': `${name}, ${clock.format(new Date(message.sentAtSeconds * 1000))}`,
    },
    element(
      'div',
      { class: `bubble ${files.length > 0 ? 'with-files' : ''}` },
      element('div', { class: 'sender' }, name),
      message.replyTo && quoteOf(message.replyTo),
      files.length > 0 ? attachments(files) : undefined,
      element('div', { class: 'text', dir: 'auto' }, formattedText(text, entities)),
      reactionsOf(parts),
      signature(message),
    ),
    keyboard(message.buttons, (key) => acts.press({ messageId: id, data: key.dataset.press, key })),
    actsOf(id, { from, acts }),
  )
}

/** One line of a message, for the list of chats and for quotes. */
export function lineOf({ text, attachment }) {
  return text.replace(/\s+/g, ' ').slice(0, 120) || (attachment ? attachmentLine(attachment) : '')
}

function actsOf(id, { from, acts }) {
  const act = (label, run, kind) =>
    element('button', { type: 'button', class: kind, onclick: () => run(id) }, label)
  return element(
    'div',
    { class: 'acts' },
    act('Reply', acts.reply, 'reply'),
    from && !from.isBot ? act('Edit', acts.edit, 'edit') : undefined,
    act('Delete', acts.remove, 'remove'),
  )
}

function reactionsOf(parts) {
  const all = parts.flatMap(({ reactions }) => reactions)
  const shown = all.map((emoji) => element('span', { class: 'reaction' }, emoji))
  return element(
    'div',
    { class: 'reactions', 'aria-label': all.length > 0 ? 'Reactions' : undefined },
    ...shown,
  )
}

function signature({ sentAtSeconds, isEdited }) {
  const sentAt = new Date(sentAtSeconds * 1000)
  return element(
    'div',
    { class: 'signature' },
    element('span', { class: 'edited' }, isEdited ? 'edited ' : ''),
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
