/** The list of chats. */
import { avatar } from './avatar.js'
import { lineOf } from './bubble.js'
import { element } from './element.js'

const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' })

/** Shows the list in `root`; it is drawn anew with every change, the focus stays. */
export function drawChatList(root, { chats, openChatId, unread, signs, subtitleOf }) {
  const focused = document.activeElement?.getAttribute('href')
  const items = chats.map((chat) => {
    const count = unread.get(chat.id) ?? 0
    return element(
      'li',
      {},
      element(
        'a',
        {
          class: 'chat',
          href: `#/chat/${chat.id}`,
          'aria-current': chat.id === openChatId ? 'page' : undefined,
        },
        avatar(chat),
        element(
          'span',
          { class: 'name' },
          element('b', { dir: 'auto' }, chat.title),
          element('small', { class: 'language-name' }, subtitleOf(chat)),
        ),
        chat.last &&
          element(
            'time',
            { class: 'when', datetime: new Date(chat.last.sentAtSeconds * 1000).toISOString() },
            clock.format(new Date(chat.last.sentAtSeconds * 1000)),
          ),
        element('span', { class: 'preview', dir: 'auto' }, previewOf(chat, signs)),
        count > 0
          ? element('span', { class: 'unread', 'aria-label': `${count} unread` }, String(count))
          : undefined,
      ),
    )
  })
  root.replaceChildren(...items)
  if (focused) root.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus()
}

function previewOf({ id, kind, last }, signs) {
  if (signs.has(id)) return 'typing…'
  if (!last) return 'No messages yet'
  const isNamed = kind === 'group' || last.from?.isBot
  return `${isNamed && last.from ? `${last.from.name}: ` : ''}${lineOf(last)}`
}
