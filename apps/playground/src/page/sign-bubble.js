/** What stands below the messages while the bot writes: three dots, or a draft with its Stop button. */
import { element } from './element.js'
import { formattedText } from './formatted-text.js'

/** `sign`: a draft, or `{}` for typing. `stop` is called with the draft's id. */
export function signBubble({ draftId, text, entities, canStop }, stop) {
  const content = text
    ? element('div', { class: 'text', dir: 'auto' }, formattedText(text, entities))
    : element(
        'div',
        { class: 'dots', role: 'img', 'aria-label': 'typing' },
        ...'...'.split('').map(() => element('i')),
      )
  const press = ({ currentTarget }) => stop(Number(currentTarget.dataset.draft))
  const button = element(
    'button',
    { class: 'key', type: 'button', 'data-draft': draftId, onclick: press },
    '■ Stop',
  )
  return element(
    'div',
    { class: 'message other' },
    element('div', { class: 'bubble draft' }, content),
    element('div', { class: 'keyboard' }, canStop ? element('div', { class: 'keys' }, button) : undefined),
  )
}
