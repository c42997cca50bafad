/** What the page is shown of the simulated Telegram: the chats and the one that is open. */
import type { MessageEntity, PostedMessage, ShownDraft, TelegramSimulator } from '@chatlane/simulators'
import { type MessageView, viewMessage, viewPerson } from './message-view.ts'

/** A chat in the list. */
export interface ChatView {
  id: number
  kind: 'private' | 'group'
  title: string
  last: MessageView | undefined
}

/** What the bot is writing. */
export interface DraftView {
  draftId: number
  text: string
  entities: MessageEntity[]
  /** Whether it has a button that stops it. */
  canStop: boolean
}

/** A chat that is open. */
export interface OpenChatView {
  seq: number
  messages: MessageView[]
  /** Whether the bot has shown that it writes, and no message of it came since. */
  isTyping: boolean
  draft: DraftView | undefined
}

/** Telegram shows a chat action for 5 seconds at most (core.telegram.org/bots/api#sendchataction). */
const ACTION_MS = 5000

/** Every chat there is: one of each person with the bot, and the groups. */
export function viewChats(telegram: TelegramSimulator, seq: number): ChatView[] {
  const { users, chats } = telegram.state()
  const view = (chat: Omit<ChatView, 'last'>): ChatView => {
    const last = telegram.messages(chat.id).at(-1)
    return { ...chat, last: last && viewMessage(last, seq) }
  }
  return [
    ...users.map((user) => view({ id: user.id, kind: 'private', title: viewPerson(user).name })),
    ...chats.map(({ chat }) => view({ id: chat.id, kind: 'group', title: chat.title ?? '' })),
  ]
}

/** The messages of a chat that exists. */
export function viewOpenChat(telegram: TelegramSimulator, chatId: number, seq: number): OpenChatView {
  const messages = telegram.messages(chatId)
  const draft = telegram.chat({ chat: chatId }).liveDrafts.at(-1)
  return {
    seq,
    messages: messages.map((each) => viewMessage(each, seq)),
    isTyping: isTyping(telegram, chatId, messages),
    draft: draft && viewDraft(draft),
  }
}

/** A draft; of one that was shown anywhere. */
export function viewDraft({
  draftId,
  text,
  entities,
  canStop,
}: Omit<ShownDraft, 'keepOnStop' | 'atMs'>): DraftView {
  return { draftId, text, entities, canStop }
}

/** Whether there is such a chat. */
export function hasChat(telegram: TelegramSimulator, chatId: number): boolean {
  const { users, chats } = telegram.state()
  return users.some(({ id }) => id === chatId) || chats.some(({ chat }) => chat.id === chatId)
}

function isTyping(telegram: TelegramSimulator, chatId: number, messages: PostedMessage[]): boolean {
  const action = telegram.chat({ chat: chatId }).actions.at(-1)
  const answer = messages.findLast(({ by }) => by === 'bot')
  return (
    action !== undefined &&
    Date.now() - action.atMs < ACTION_MS &&
    (answer === undefined || answer.postedAtMs < action.atMs)
  )
}
