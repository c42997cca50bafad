/** What happens in the simulator, told as it happens: to listeners in process and to pages over SSE. */
import type { Message, MessageEntity, Update } from './bot-api-types.ts'

interface InChat {
  botId: number
  chatId: number
  messageThreadId?: number | undefined
}

/** An event without its sequence number and time. */
export type Happening =
  /** A message of anybody was posted; a service message's `by` is 'service'. */
  | ({ type: 'message'; by: 'bot' | 'user' | 'service'; message: Message } & InChat)
  | ({ type: 'edit'; by: 'bot' | 'user'; message: Message } & InChat)
  | ({ type: 'delete'; by: 'bot' | 'user'; messageIds: number[] } & InChat)
  | ({ type: 'action'; action: string } & InChat)
  | ({ type: 'draft'; draftId: number; text: string; entities: MessageEntity[]; canStop: boolean } & InChat)
  /** Somebody pressed a draft's Stop button. `isKept`: it stays for the rest of its life, without the button. */
  | ({ type: 'stop'; draftId: number; isKept: boolean } & InChat)
  /** The bot's reaction is now this one; none: it took it back. */
  | ({ type: 'reaction'; messageId: number; reaction: unknown[] } & InChat)
  /** A person's reaction is now this one; none: it was taken back. */
  | ({ type: 'userReaction'; messageId: number; userId: number; reaction: unknown[] } & InChat)
  /** A callback, inline, pre-checkout, shipping or guest query was answered. */
  | {
      type: 'answer'
      botId: number
      method: string
      queryId: string
      /** The chat of a callback query's message. */
      chatId?: number | undefined
      params: Record<string, unknown>
    }
  /** An update was made for a bot. */
  | { type: 'update'; botId: number; update: Update }
  /** An update was handed to the bot: a webhook answered (status 0: no answer came) or getUpdates handed it out. */
  | { type: 'delivery'; botId: number; updateId: number; to: string; status: number }
  /** An update was acknowledged by a first 2xx or by an offset. */
  | { type: 'acknowledge'; botId: number; updateId: number }
  /** A call was answered, or cut (`status` 0). */
  | {
      type: 'call'
      botId: number
      method: string
      chatId?: number | undefined
      arrivedAtMs: number
      status: number
      description?: string | undefined
      /** Kind of the fault that met it. */
      fault?: string | undefined
      params: Record<string, unknown>
    }
  | { type: 'webhook'; botId: number; url: string }

/** An event: `seq` counts from 1, `atMs` is Unix ms with fractions. */
export type SimulatorEvent = Happening & { seq: number; atMs: number }
/** The name of an event. */
export type EventType = SimulatorEvent['type']
/** The event of a name. */
export type EventOf<T extends EventType> = Extract<SimulatorEvent, { type: T }>
