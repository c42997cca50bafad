/** The messages of one chat as its people see them. */
import type { Message, MessageEntity } from './bot-api-types.ts'
import { nowMs } from './clock.ts'
import type { ShownInlineAnswer } from './inline-answer.ts'
import type { Invoice } from './invoice.ts'
import { LiveDrafts, type ShownDraft } from './live-drafts.ts'

/** What a message said from a time on. */
export interface ShownText {
  /** The text or the caption. */
  text: string
  entities: MessageEntity[]
  replyMarkup?: unknown
  /** Unix ms with fractions. */
  atMs: number
}

/** A message with what became of it. */
export interface PostedMessage {
  /** As it is now. */
  message: Message
  by: 'bot' | 'user' | 'service'
  /** When it reached the server, Unix ms with fractions. */
  postedAtMs: number
  /** How often it was edited. */
  editCount: number
  /** What it said, as posted and after each edit; the newest `keepEdits`, none where that is 0. */
  shown: ShownText[]
  /** The bot's reaction, as it gave it; none without. */
  reaction: unknown[]
  /** The reactions of people, by user id. */
  userReactions: Record<number, unknown[]>
  /** What the bot wants to be paid for by it. */
  invoice?: Invoice
  /** Set where it was sent in inline mode, with a keyboard. */
  inlineMessageId?: string
  /** Set where it was deleted: nobody sees it any more. */
  deletedAtMs?: number
}

/** A chat action that was shown. */
export interface ShownAction {
  action: string
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
/** Drafts are as long as messages. */
const KEPT_DRAFTS = 50

/** What a room is made with. */
export interface RoomOptions {
  keepMessages: number
  keepEdits: number
  /** Message ids up to it are taken. */
  lastId: number
}

/** A chat's newest messages, and the last 200 actions and answers and 50 states of drafts shown in it. */
export class Room {
  readonly actions: ShownAction[] = []
  readonly drafts: ShownDraft[] = []
  readonly answers: ShownAnswer[] = []
  /** Answers to inline queries that were typed in the chat. */
  readonly inlineAnswers: ShownInlineAnswer[] = []
  /** Ids of the messages that are pinned. */
  readonly pinned = new Set<number>()
  readonly liveDrafts = new LiveDrafts()
  private readonly options: RoomOptions
  private readonly posted = new Map<number, PostedMessage>()
  private lastId: number

  constructor(options: RoomOptions) {
    this.options = options
    this.lastId = options.lastId
  }

  nextMessageId(): number {
    return ++this.lastId
  }

  post(message: Message, by: PostedMessage['by']): PostedMessage {
    const entry: PostedMessage = {
      message,
      by,
      postedAtMs: nowMs(),
      editCount: 0,
      shown: [],
      reaction: [],
      userReactions: {},
    }
    this.note(entry)
    this.posted.set(message.message_id, entry)
    if (this.posted.size > this.options.keepMessages) {
      for (const oldest of this.posted.keys()) {
        this.posted.delete(oldest)
        break
      }
    }
    if (by === 'bot') this.liveDrafts.end(message.message_thread_id)
    return entry
  }

  /** A message that is there; undefined where it was deleted or fell out of what is kept. */
  find(messageId: number | undefined): PostedMessage | undefined {
    const entry = this.findAny(messageId)
    return entry?.deletedAtMs === undefined ? entry : undefined
  }

  /** A message that is kept, deleted or not. */
  findAny(messageId: number | undefined): PostedMessage | undefined {
    return messageId === undefined ? undefined : this.posted.get(messageId)
  }

  edit(entry: PostedMessage, after: Message): void {
    entry.message = after
    entry.editCount++
    this.note(entry)
  }

  /** Shows a state of a draft; false where nobody sees it because the draft was stopped. */
  showDraft(draft: ShownDraft): boolean {
    if (!this.liveDrafts.show(draft)) return false
    this.drafts.push(draft)
    if (this.drafts.length > KEPT_DRAFTS) this.drafts.shift()
    return true
  }

  show<T extends ShownAction | ShownAnswer | ShownInlineAnswer>(signs: T[], sign: T): void {
    signs.push(sign)
    if (signs.length > KEPT_SIGNS) signs.shift()
  }

  /** The newest of the messages that are pinned, by when it was sent; undefined without one. */
  newestPinned(): PostedMessage | undefined {
    const ids = [...this.pinned].filter((id) => this.find(id) !== undefined)
    return ids.length === 0 ? undefined : this.find(Math.max(...ids))
  }

  /** All that is kept, in the order of posting, deleted messages too. */
  all(): PostedMessage[] {
    return [...this.posted.values()]
  }

  private note({ message, shown }: PostedMessage): void {
    if (this.options.keepEdits === 0) return
    const { text, entities, caption, caption_entities, reply_markup } = message
    shown.push({
      text: text ?? caption ?? '',
      entities: entities ?? caption_entities ?? [],
      ...(reply_markup !== undefined && { replyMarkup: reply_markup }),
      atMs: nowMs(),
    })
    if (shown.length > this.options.keepEdits) shown.shift()
  }
}
