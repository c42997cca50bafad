/** The messages of one chat as its people see them. */

import type { Message, MessageEntity } from './bot-api-types.ts'
import { nowMs } from './clock.ts'

/** A message with what became of it. */
export interface PostedMessage {
  /** As it is now. */
  message: Message
  by: 'bot' | 'user' | 'service'
  /** When it reached the server, Unix ms with fractions. */
  postedAtMs: number
  /** How it was before each edit, oldest first, and when it was edited; the last 50 edits. */
  edits: { before: Message; atMs: number }[]
  /** Set where it was deleted: nobody sees it any more. */
  deletedAtMs?: number
}

/** A chat action that was shown. */
export interface ShownAction {
  action: string
  messageThreadId?: number | undefined
  atMs: number
}

/** A state of a draft that was shown. */
export interface ShownDraft {
  draftId: number
  text: string
  entities: MessageEntity[]
  messageThreadId?: number | undefined
  atMs: number
}

/** An answer to a button that was pressed in the chat. */
export interface ShownAnswer {
  queryId: string
  text?: string | undefined
  showAlert: boolean
  url?: string | undefined
  atMs: number
}

const KEPT_SIGNS = 200
const KEPT_EDITS = 50

/** A chat's newest messages, and the last 200 actions, drafts and answers shown in it. */
export class Room {
  readonly actions: ShownAction[] = []
  readonly drafts: ShownDraft[] = []
  readonly answers: ShownAnswer[] = []
  private readonly keep: number
  private readonly posted = new Map<number, PostedMessage>()
  private lastId: number

  /** `lastId`: message ids up to it are taken. */
  constructor({ keepMessages, lastId }: { keepMessages: number; lastId: number }) {
    this.keep = keepMessages
    this.lastId = lastId
  }

  nextMessageId(): number {
    return ++this.lastId
  }

  post(message: Message, by: PostedMessage['by']): PostedMessage {
    const entry: PostedMessage = { message, by, postedAtMs: nowMs(), edits: [] }
    this.posted.set(message.message_id, entry)
    if (this.posted.size > this.keep) {
      for (const oldest of this.posted.keys()) {
        this.posted.delete(oldest)
        break
      }
    }
    return entry
  }

  /** A message that is there; undefined where it was deleted or fell out of what is kept. */
  find(messageId: number | undefined): PostedMessage | undefined {
    const entry = messageId === undefined ? undefined : this.posted.get(messageId)
    return entry?.deletedAtMs === undefined ? entry : undefined
  }

  edit(entry: PostedMessage, after: Message): void {
    entry.edits.push({ before: entry.message, atMs: nowMs() })
    if (entry.edits.length > KEPT_EDITS) entry.edits.shift()
    entry.message = after
  }

  /** All that is kept, in the order of posting, deleted messages too. */
  all(): PostedMessage[] {
    return [...this.posted.values()]
  }

  show<T extends ShownAction | ShownDraft | ShownAnswer>(signs: T[], sign: T): void {
    signs.push(sign)
    if (signs.length > KEPT_SIGNS) signs.shift()
  }
}
