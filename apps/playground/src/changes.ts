/** Tells pages what changes in the simulated Telegram, as it changes. */
import type { MessageEntity, SimulatorEvent, TelegramSimulator } from '@chatlane/simulators'
import { type MessageView, viewMessage } from './views.ts'

/** One change. `people`: somebody was added, the list of chats is to be fetched again. */
export type Change =
  | { kind: 'message'; message: MessageView; isNew: boolean }
  | { kind: 'delete'; chatId: number; seq: number; messageIds: number[] }
  | { kind: 'typing'; chatId: number }
  | { kind: 'draft'; chatId: number; text: string; entities: MessageEntity[] }
  | { kind: 'toast'; chatId: number; text: string }
  | { kind: 'people' }

/** The changes of a simulator. */
export interface Changes {
  /** The number of the last thing that happened; what is read now is as it was after it. */
  seq(): number
  /** Calls `listener` with each change until the returned function is called. */
  listen(listener: (change: Change) => void): () => void
  /** Tells everybody who listens. */
  tell(change: Change): void
  /** Ends listening to the simulator. */
  close(): void
}

/** Listens to `telegram`. */
export function watchChanges(telegram: TelegramSimulator): Changes {
  const listeners = new Set<(change: Change) => void>()
  let seq = 0
  const tell = (change: Change) => {
    for (const listener of [...listeners]) listener(change)
  }
  const close = telegram.on('*', (event) => {
    seq = event.seq
    const change = changeOf(event)
    if (change) tell(change)
  })
  return {
    seq: () => seq,
    listen: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    tell,
    close,
  }
}

function changeOf(event: SimulatorEvent): Change | undefined {
  switch (event.type) {
    case 'message':
    case 'edit':
      return {
        kind: 'message',
        message: viewMessage(event.message, event.seq),
        isNew: event.type === 'message',
      }
    case 'delete':
      return { kind: 'delete', chatId: event.chatId, seq: event.seq, messageIds: event.messageIds }
    case 'action':
      return { kind: 'typing', chatId: event.chatId }
    case 'draft':
      return { kind: 'draft', chatId: event.chatId, text: event.text, entities: event.entities }
    case 'answer': {
      const { text } = event.params
      if (event.chatId === undefined || typeof text !== 'string' || text === '') return undefined
      return { kind: 'toast', chatId: event.chatId, text }
    }
    default:
      return undefined
  }
}
