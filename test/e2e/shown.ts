/** What a reader of a chat saw of the bot, from moment to moment. */
import type { Message, SimulatorEvent } from '@chatlane/simulators'
import type { Stack } from './stack.ts'

/** One moment in which a message of the bot appeared, changed or went. */
export interface Moment {
  kind: 'posted' | 'edited' | 'deleted'
  atMs: number
  messageId: number
  text: string
  /** Texts of the buttons below it. */
  buttons: string[]
}

/** Records what the bot shows in every chat from now on. */
export function recordShown(stack: Stack): (chat: number) => Moment[] {
  const chats = new Map<number, Moment[]>()
  const add = (chatId: number, moment: Moment) => {
    const moments = chats.get(chatId) ?? []
    chats.set(chatId, moments)
    moments.push(moment)
  }
  stack.telegram.on('*', (event: SimulatorEvent) => {
    if ((event.type === 'message' || event.type === 'edit') && event.by === 'bot') {
      const kind = event.type === 'message' ? 'posted' : 'edited'
      add(event.chatId, { kind, atMs: event.atMs, ...seen(event.message) })
    }
    if (event.type === 'delete') {
      for (const messageId of event.messageIds)
        add(event.chatId, { kind: 'deleted', atMs: event.atMs, messageId, text: '', buttons: [] })
    }
  })
  return (chat) => chats.get(chat) ?? []
}

/** The texts of the bot's messages that are in the chat now. */
export function standing(stack: Stack, chat: number): string[] {
  return stack.telegram
    .messages(chat)
    .filter(({ by }) => by === 'bot')
    .map(({ message }) => message.text ?? '')
}

/** The buttons that are below messages of the bot now, with the message that each is below. */
export function buttonsIn(stack: Stack, chat: number): { messageId: number; text: string; data: string }[] {
  return stack.telegram
    .messages(chat)
    .filter(({ by }) => by === 'bot')
    .flatMap(({ message }) =>
      rowsOf(message)
        .flat()
        .map((button) => ({
          messageId: message.message_id,
          text: button.text,
          data: button.callback_data ?? '',
        })),
    )
}

function seen(message: Message): { messageId: number; text: string; buttons: string[] } {
  return {
    messageId: message.message_id,
    text: message.text ?? '',
    buttons: rowsOf(message)
      .flat()
      .map(({ text }) => text),
  }
}

function rowsOf(message: Message): { text: string; callback_data?: string }[][] {
  const markup = message.reply_markup as
    | { inline_keyboard?: { text: string; callback_data?: string }[][] }
    | undefined
  return markup?.inline_keyboard ?? []
}
