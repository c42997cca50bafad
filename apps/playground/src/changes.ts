/** Tells pages what changes in the simulated Telegram, as it changes. */
import type { SimulatorEvent, TelegramSimulator } from '@chatlane/simulators'
import { type MessageView, viewMessage, viewReactions } from './message-view.ts'
import { type DraftView, viewDraft } from './views.ts'

/** One change. `people`: somebody was added, the list of chats is to be fetched again. */
export type Change =
  | { kind: 'message'; message: MessageView; isNew: boolean }
  | { kind: 'delete'; chatId: number; seq: number; messageIds: number[] }
  | { kind: 'reaction'; chatId: number; messageId: number; reactions: string[] }
  | { kind: 'typing'; chatId: number }
  | { kind: 'draft'; chatId: number; draft: DraftView }
  /** Somebody stopped a draft; `isKept`: it stays for a while. */
  | { kind: 'stop'; chatId: number; draftId: number; isKept: boolean }
  /** A pressed button was answered, with a text or without. */
  | { kind: 'answer'; chatId: number; queryId: string; text: string }
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
    if (listeners.size === 0) return
    const change = changeOf(telegram, event)
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

function changeOf(telegram: TelegramSimulator, event: SimulatorEvent): Change | undefined {
  switch (event.type) {
    case 'message':
    case 'edit': {
      const { message, chatId, seq } = event
      const reaction = telegram.message(chatId, message.message_id)?.reaction ?? []
      const isNew = event.type === 'message'
      return { kind: 'message', message: viewMessage({ message, reaction }, seq), isNew }
    }
    case 'delete':
      return { kind: 'delete', chatId: event.chatId, seq: event.seq, messageIds: event.messageIds }
    case 'reaction': {
      const { chatId, messageId, reaction } = event
      return { kind: 'reaction', chatId, messageId, reactions: viewReactions(reaction) }
    }
    case 'action':
      return { kind: 'typing', chatId: event.chatId }
    case 'draft':
      return { kind: 'draft', chatId: event.chatId, draft: viewDraft(event) }
    case 'stop':
      return { kind: 'stop', chatId: event.chatId, draftId: event.draftId, isKept: event.isKept }
    case 'answer': {
      const { chatId, queryId, params } = event
      if (chatId === undefined) return undefined
      return { kind: 'answer', chatId, queryId, text: typeof params.text === 'string' ? params.text : '' }
    }
    default:
      return undefined
  }
}
