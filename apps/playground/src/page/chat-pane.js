/** One open chat: its title, its messages, and where one writes. */
import * as api from './api.js'
import { avatar } from './avatar.js'
import { createComposer } from './composer.js'
import { createConversation } from './conversation.js'
import { element } from './element.js'
import { showWaiting } from './keyboard.js'

/** What was typed and not sent, and who spoke last, by chat. */
const unsent = new Map()
const speakers = new Map()

/** A pane for `chat`, to be filled with `fill`. */
export function createChatPane({ chat, bot, people, subtitle }) {
  const isGroup = chat.kind === 'group'
  const speaking = isGroup ? people : people.filter(({ id }) => id === chat.id)
  const first = speakers.get(chat.id) ?? speaking[0]?.id
  const status = element('span', { class: 'status', role: 'status' }, subtitle)
  const toast = element('div', { class: 'toast', role: 'status', hidden: true })
  const isOwn = ({ from }) => (isGroup ? from?.id === composer.speakerId() : !from?.isBot)
  const say = (content) => api.sendText(chat.id, content)
  const orTell = (asked) => asked.catch((error) => showToast(error.message))
  /** Buttons that wait for the bot's answer: what ends their waiting, by query. */
  const waiting = new Map()
  const answered = new Set()

  const composer = createComposer({
    people: speaking,
    from: first,
    hint: isGroup ? `Message, @${bot.username} to ask the bot` : 'Message',
    typed: (text) => unsent.set(chat.id, text),
    lastOwn: (id) => conversation.findLast(({ from }) => from?.id === id),
    speakerChanged: (id) => {
      speakers.set(chat.id, id)
      conversation.turn()
    },
    send: ({ text, from, replyTo, edits }) => {
      if (!edits) return say({ text, from, replyTo })
      if (text !== edits.text) return api.editText(chat.id, { messageId: edits.id, from, text })
    },
  })
  composer.setText(unsent.get(chat.id) ?? '')

  const conversation = createConversation({
    isOwn,
    empty: emptyNote({ isGroup, bot, composer, start: () => say({ text: '/start', from: chat.id }) }),
    acts: {
      reply: (id) => composer.reply(conversation.find(id)),
      edit: (id) => composer.edit(conversation.find(id)),
      remove: (messageId) => orTell(api.deleteMessage(chat.id, { messageId, from: composer.speakerId() })),
      stop: (draftId) => orTell(api.stopDraft(chat.id, { draftId, from: composer.speakerId() })),
      press: (pressed) => orTell(press(pressed)),
    },
  })

  async function press({ messageId, data, key }) {
    const end = showWaiting(key)
    const pressing = api.pressButton(chat.id, { messageId, data, from: composer.speakerId() })
    const { queryId } = await pressing.catch((error) => {
      end()
      throw error
    })
    // The answer may have been quicker.
    if (answered.delete(queryId)) end()
    else waiting.set(queryId, end)
  }

  function showToast(text) {
    toast.textContent = text
    toast.hidden = false
    clearTimeout(showToast.timer)
    showToast.timer = setTimeout(() => {
      toast.hidden = true
    }, 4000)
  }

  const root = element(
    'section',
    { class: `pane ${isGroup ? 'group' : 'private'}`, 'aria-label': chat.title },
    element(
      'header',
      { class: 'title' },
      element('a', { class: 'back', href: '#', 'aria-label': 'Back to the chats' }, '‹'),
      avatar(isGroup ? chat : { id: bot.id, title: bot.name }),
      element('h2', { dir: 'auto' }, isGroup ? chat.title : `${chat.title} → ${bot.name}`),
      status,
    ),
    conversation.root,
    toast,
    composer.root,
  )
  return {
    chatId: chat.id,
    root,
    conversation,
    composer,
    /** The bot has answered a pressed button. */
    showAnswer({ queryId, text }) {
      const end = waiting.get(queryId)
      if (end) end()
      else answered.add(queryId)
      waiting.delete(queryId)
      if (text) showToast(text)
    },
    /** Shows that the bot writes, or (undefined) that it does not. */
    showSign(state) {
      status.textContent = state ? `${isGroup ? `${bot.name} is ` : ''}typing…` : subtitle
      conversation.showSign(state)
    },
    /** Called when the pane is on the page. */
    begin() {
      composer.grow()
      conversation.toEnd()
    },
  }
}

function emptyNote({ isGroup, bot, composer, start }) {
  const act = isGroup
    ? element(
        'button',
        { type: 'button', onclick: () => composer.insert(`@${bot.username} `) },
        `Mention @${bot.username}`,
      )
    : element(
        'button',
        {
          type: 'button',
          onclick: () =>
            start().then(
              () => composer.input.focus(),
              () => {},
            ),
        },
        'Start',
      )
  const text = isGroup
    ? 'In a group the bot answers who mentions it, replies to it or commands it.'
    : 'Press Start, or just write. The bot remembers what was said before a restart; /new begins anew.'
  return element('div', { class: 'empty' }, element('p', {}, text), act)
}
