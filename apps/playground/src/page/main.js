/** The page: keeps what the server tells and hands it to the parts that show it. */
import { listen, readChat, readState } from './api.js'
import { drawChatList } from './chat-list.js'
import { createChatPane } from './chat-pane.js'
import { linksTo, noteOf } from './links.js'
import { languageName, prepareDialog } from './new-person.js'
import { createSigns } from './signs.js'

const isWide = matchMedia('(min-width: 721px)')
const find = (id) => document.getElementById(id)

let state
let pane
const unread = new Map()
const signs = createSigns((chatId, sign) => {
  if (pane?.chatId === chatId) pane.showSign(sign)
  drawList()
})

function drawList() {
  drawChatList(find('chats'), { ...state, openChatId: pane?.chatId, unread, signs, subtitleOf })
  const count = [...unread.values()].reduce((sum, each) => sum + each, 0)
  document.title = `${count > 0 ? `(${count}) ` : ''}Chatlane playground`
}

function subtitleOf({ id, kind }) {
  if (kind === 'group') return `${state.people.length + 1} members`
  return languageName(state.people.find((person) => person.id === id)?.languageCode)
}

async function refresh() {
  const fresh = await readState()
  const before = state
  state = fresh
  find('what-it-is').textContent = noteOf(fresh.model)
  find('links').replaceChildren(...linksTo(fresh.ports))
  find('connection').hidden = true
  // Another run knows nothing of what is shown; a group has one more who may speak.
  if (before?.run !== fresh.run || before.people.length !== fresh.people.length) pane = undefined
  if (pane) await fill(pane)
  else openFromAddress()
  drawList()
}

async function fill(open) {
  const view = await readChat(open.chatId)
  open.conversation.putAll(view)
  if (view.isTyping) signs.typing(open.chatId)
  if (view.draft) signs.draft(open.chatId, view.draft)
}

/** `#/chat/<id>` names the open chat; without, a wide page opens the first and a narrow one shows the list. */
function openFromAddress() {
  if (!state) return
  const id = Number(/^#\/chat\/(-?\d+)$/.exec(location.hash)?.[1])
  const chat = state.chats.find((each) => each.id === id) ?? (isWide.matches ? state.chats[0] : undefined)
  document.body.dataset.view = chat ? 'chat' : 'list'
  if (!chat) {
    pane = undefined
    find('conversation').replaceChildren()
  } else if (chat.id !== pane?.chatId) open(chat)
  drawList()
}

function open(chat) {
  pane = createChatPane({ chat, bot: state.bot, people: state.people, subtitle: subtitleOf(chat) })
  unread.delete(chat.id)
  find('conversation').replaceChildren(pane.root)
  pane.begin()
  pane.showSign(signs.get(chat.id))
  fill(pane).then(pane.conversation.toEnd, lost)
  // On a phone the keyboard would cover what one came to read.
  if (isWide.matches) pane.composer.input.focus()
}

function onMessage({ message, isNew }) {
  const { chatId, from } = message
  const chat = state.chats.find(({ id }) => id === chatId)
  if (!chat) return
  if (!chat.last || message.id >= chat.last.id) chat.last = message
  if (from?.isBot && isNew) signs.end(chatId)
  const isSeen = pane?.chatId === chatId
  if (isSeen) pane.conversation.put(message)
  else if (from?.isBot && isNew) unread.set(chatId, (unread.get(chatId) ?? 0) + 1)
  drawList()
}

function onChange(change) {
  if (!state) return
  const isOpen = pane?.chatId === change.chatId
  switch (change.kind) {
    case 'message':
      return onMessage(change)
    case 'delete':
      if (isOpen) pane.conversation.remove(change)
      return refresh().catch(lost)
    case 'reaction':
      return isOpen && pane.conversation.react(change)
    case 'typing':
      return signs.typing(change.chatId)
    case 'draft':
      return signs.draft(change.chatId, change.draft)
    case 'stop':
      return signs.stop(change.chatId, change)
    case 'answer':
      return isOpen && pane.showAnswer(change)
    case 'people':
      return refresh().catch(lost)
  }
}

function lost() {
  find('connection').hidden = false
}

const openDialog = prepareDialog(find('new-person'), async (person) => {
  await refresh().catch(lost)
  location.hash = `#/chat/${person.id}`
})
find('add-person').addEventListener('click', openDialog)
addEventListener('hashchange', openFromAddress)
isWide.addEventListener('change', openFromAddress)
listen({ connected: () => refresh().catch(lost), lost, changed: onChange })
