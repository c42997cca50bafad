/** The buttons under a message. */
import { element } from './element.js'

/** A pressed button waits so long for the bot's answer, as Telegram's clients do. */
const PATIENCE_MS = 15_000

/** Rows of buttons, empty without any. `press` is called with the button's element, whose `data-press` says its data. */
export function keyboard(buttons, press) {
  const show = ({ text, url, data }) =>
    url && /^https?:\/\//i.test(url)
      ? element('a', { class: 'key-link', href: url, target: '_blank', rel: 'noopener noreferrer' }, text)
      : element(
          'button',
          {
            class: 'key',
            type: 'button',
            disabled: !data,
            'data-press': data,
            onclick: ({ currentTarget }) => press(currentTarget),
          },
          text,
        )
  const rows = buttons.map((row) => element('div', { class: 'keys' }, ...row.map(show)))
  return element('div', { class: 'keyboard' }, ...rows)
}

/** Shows that a pressed button waits for the bot's answer. Returns what ends it. */
export function showWaiting(key) {
  const end = () => {
    clearTimeout(timer)
    key.classList.remove('waiting')
  }
  const timer = setTimeout(end, PATIENCE_MS)
  key.classList.add('waiting')
  return end
}
