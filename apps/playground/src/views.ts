/** What the page is shown of the simulated Telegram. */
import type { Message, MessageEntity, PostedMessage, TelegramSimulator, User } from '@chatlane/simulators'

/** Somebody who writes. */
export interface PersonView {
  id: number
  name: string
  isBot: boolean
  languageCode?: string | undefined
}

/** A button under a message: it opens `url` or sends `data` to the bot. */
export interface ButtonView {
  text: string
  url?: string
  data?: string
}

/** A message as it is at `seq`: of two with one id the one with the higher `seq` is newer. */
export interface MessageView {
  chatId: number
  id: number
  seq: number
  from: PersonView | undefined
  text: string
  entities: MessageEntity[]
  sentAtSeconds: number
  isEdited: boolean
  /** A file's kind; the page names it and shows the caption as the text. */
  attachment: string | undefined
  replyTo: { id: number; name: string; text: string } | undefined
  buttons: ButtonView[][]
}

/** A chat in the list. */
export interface ChatView {
  id: number
  kind: 'private' | 'group'
  title: string
  last: MessageView | undefined
}

/** A chat that is open. */
export interface OpenChatView {
  seq: number
  messages: MessageView[]
  /** Whether the bot has shown that it writes, and no message of it came since. */
  isTyping: boolean
}

const ATTACHMENTS = ['photo', 'document', 'voice', 'video', 'audio', 'animation', 'sticker']
/** Telegram shows a chat action for 5 seconds at most (core.telegram.org/bots/api#sendchataction). */
const ACTION_MS = 5000

/** A person or bot. */
export function viewPerson(user: User): PersonView {
  return {
    id: user.id,
    name: [user.first_name, user.last_name].filter(Boolean).join(' '),
    isBot: user.is_bot,
    languageCode: user.language_code,
  }
}

/** A message as it is at `seq`. */
export function viewMessage(message: Message, seq: number): MessageView {
  const replied = message.reply_to_message
  return {
    chatId: message.chat.id,
    id: message.message_id,
    seq,
    from: message.from && viewPerson(message.from),
    text: textOf(message),
    entities: message.entities ?? message.caption_entities ?? [],
    sentAtSeconds: message.date,
    isEdited: message.edit_date !== undefined,
    attachment: ATTACHMENTS.find((kind) => message[kind] !== undefined),
    replyTo: replied && {
      id: replied.message_id,
      name: replied.from ? viewPerson(replied.from).name : '',
      text: textOf(replied).slice(0, 200),
    },
    buttons: viewButtons(message.reply_markup),
  }
}

/** Every chat there is: one of each person with the bot, and the groups. */
export function viewChats(telegram: TelegramSimulator, seq: number): ChatView[] {
  const { users, chats } = telegram.state()
  const view = (chat: Omit<ChatView, 'last'>): ChatView => {
    const last = telegram.messages(chat.id).at(-1)
    return { ...chat, last: last && viewMessage(last.message, seq) }
  }
  return [
    ...users.map((user) => view({ id: user.id, kind: 'private', title: viewPerson(user).name })),
    ...chats.map(({ chat }) => view({ id: chat.id, kind: 'group', title: chat.title ?? '' })),
  ]
}

/** The messages of a chat that exists. */
export function viewOpenChat(telegram: TelegramSimulator, chatId: number, seq: number): OpenChatView {
  const messages = telegram.messages(chatId)
  return {
    seq,
    messages: messages.map(({ message }) => viewMessage(message, seq)),
    isTyping: isTyping(telegram, chatId, messages),
  }
}

/** Whether there is such a chat; asking the simulator itself for its messages would make one. */
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

function textOf(message: Message): string {
  return message.text ?? message.caption ?? ''
}

function viewButtons(markup: unknown): ButtonView[][] {
  const { inline_keyboard: rows } = (markup ?? {}) as { inline_keyboard?: Record<string, string>[][] }
  return (rows ?? []).map((row) =>
    row.map(({ text = '', url, callback_data: data }) => ({
      text,
      ...(url && { url }),
      ...(data && { data }),
    })),
  )
}
