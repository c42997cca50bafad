/** What the bot did in each chat, as it did it: what is told of it does not depend on when somebody looks. */
import type { Message, SimulatorEvent, TelegramSimulator } from '@chatlane/simulators'
import { contentOf } from './chat-text.ts'

/** What can be waited for. */
export type Kind = 'message' | 'edit' | 'answer'

/** A message as it was posted or edited, or what was answered to a tap or a payment. */
export interface Moment {
  text: string
  /** What was answered. */
  queryId?: string
}

/** The journal of a simulator. */
export interface Journal {
  /** In the order in which they happened. */
  of(kind: Kind, chat: number): readonly Moment[]
}

/** Records what bots do from now on. */
export function keepJournal(telegram: TelegramSimulator): Journal {
  const moments = new Map<string, Moment[]>()
  const of = (kind: Kind, chat: number): Moment[] => {
    const known = moments.get(`${kind} ${chat}`) ?? []
    moments.set(`${kind} ${chat}`, known)
    return known
  }
  telegram.on('*', (event: SimulatorEvent) => {
    if ((event.type === 'message' || event.type === 'edit') && event.by === 'bot')
      of(event.type, event.chatId).push({ text: textOf(event.message) })
    if (event.type !== 'answer' || event.chatId === undefined) return
    const text = event.params.text ?? event.params.error_message
    if (text) of('answer', event.chatId).push({ text: String(text), queryId: event.queryId })
  })
  return { of }
}

function textOf(message: Message): string {
  return message.text ?? message.caption ?? contentOf(message)
}
