/** What the dialogue needs of the outside; the worker connects it. */
import type { FilePort, Heard } from './heard.ts'
import type { TokenWeights } from './tokens.ts'

/** A file that somebody sent with a message. Whoever asks the model fetches its bytes. */
export interface Attachment {
  kind: 'picture' | 'audio' | 'pdf'
  /** Telegram's name of the file for this bot. */
  fileId: string
  /** What it costs in a prompt, estimated. */
  tokens: number
  fileName?: string
  mimeType?: string
}

/** One message as the model gets it. */
export interface PromptMessage {
  role: 'system' | 'user' | 'assistant'
  content: string
  attachments?: readonly Attachment[]
}

/** Why a model did not answer. */
export type FaultCode =
  | 'bad_key'
  | 'no_credits'
  | 'key_limit'
  | 'budget_in_flight'
  | 'rate_limited'
  | 'upstream_rate_limited'
  | 'moderated'
  | 'context_too_long'
  | 'model_gone'
  | 'provider_down'
  | 'bad_request'
  | 'unreachable'
  | 'hung'
  | 'broken_stream'
  | 'cut_off'
  | 'empty'

/** Why nothing may be spent: whose limit is reached until the next day or month (UTC), or how long a user has to wait. */
export type Decline =
  | { why: 'spent'; whose: 'bot' | 'user' | 'chat'; period: 'day' | 'month' }
  | { why: 'cooling'; waitMs: number }

/** What somebody has used of models in a period, and what they may; no limit where it is undefined. */
export interface Used {
  tokens: number
  usd: number
  mostTokens?: number | undefined
  mostUsd?: number | undefined
}

/** What was used today and this month (UTC). */
export type Usage = Record<'day' | 'month', Used>

/** What came of asking the model. */
export type ModelAnswer =
  /** Nothing was asked: nobody may pay for it. */
  | { kind: 'declined'; decline: Decline }
  /**
   * `pictures`: how many came beside the text, which is '' where they are all of it; they are sent after it. `isCut`: it
   * ends where the longest answer ends, not where the model would have ended it.
   */
  | { kind: 'answered'; text: string; pictures?: number; isCut?: true }
  /** Someone stopped it. `text`: what had been said, maybe ''. `by`: the id of the update that asked for it. */
  | { kind: 'stopped'; text: string; by: number }
  /** `partial`: what had been said before it broke off. `retryAfterMs`: 0 where it may be asked again at once. */
  | { kind: 'failed'; code: FaultCode; retryable: boolean; retryAfterMs?: number; partial: string }

/** The model. Rejects only where the process is stopping or something unforeseen happened. */
export type AskModel = (messages: readonly PromptMessage[]) => Promise<ModelAnswer>

/** What fits into the model that answers. */
export interface ModelWindow {
  /** Tokens of the whole prompt; undefined where nobody knows the model. */
  promptTokens?: number
  /** Tokens of prompt and answer together; undefined where nobody knows the model. */
  contextTokens?: number
  /** How the model counts, as far as it was learned. */
  weights?: TokenWeights
}

/** How a reply is shown while the model speaks: a message that is edited, not at all, or a draft (private chats). */
export type StreamingMode = 'edit' | 'off' | 'draft'

/** One message of the conversation. */
export interface Said {
  role: 'user' | 'assistant'
  content: string
  /** Who said it, where several may speak. */
  speaker?: string
  attachments?: readonly Attachment[]
}

/** What takes the place of the oldest messages of a conversation. */
export interface Summary {
  text: string
  /** The number of the first message that is not in it. */
  upTo: number
}

/** What is remembered of a conversation. */
export interface Conversation {
  /** Raised by a new beginning. */
  generation: number
  /** The number of the first of `messages`, counted from the beginning of the generation; 0 where it is missing. */
  first?: number
  /** Those that no summary stands for, oldest first. */
  messages: readonly Said[]
  summary?: Summary
}

/** What is to be summed up once a turn is over. */
export interface SummaryWish {
  generation: number
  /** The number of the first message that is not to be summed up. */
  upTo: number
  /** Of the whole prompt that the summary will be a part of, in tokens. */
  promptTokens: number
}

/** A question that was put to the model, for whoever edits it. */
export interface AskedQuestion {
  /** The name of the stream that shows its answer. */
  stream: string
  /** Its messages; several where the turn merged them, and then what each of them says. */
  messages: readonly { id: number; content?: string }[]
  /** Tells whether the newest question of the context is this one. */
  digest: string
}

/** What was chosen; where a field is missing, the whole chat's holds for a topic, and the deployment's for a chat. */
export interface Choices {
  /** OpenRouter's id of the model that answers. */
  model?: string
  systemPrompt?: string
  streaming?: StreamingMode
  /** Of a topic: what is chosen in it from now on is chosen for the whole chat. */
  changes?: 'chat'
}

/** A text that somebody was asked for: their next message is it. */
export interface AwaitedText {
  kind: 'system-prompt'
  fromUserId: number
  /** Unix seconds: a message that was written later is not it. */
  untilSeconds: number
  /** The id of the update that asked. */
  askedBy: number
}

/** What the dialogue remembers of a chat between two turns. */
export interface Memory {
  state: 'new' | 'waiting-for-input'
  /** What was chosen in this place, and the language of who spoke last. */
  settings: Choices & { language?: 'ru' | 'en' }
  /** What was chosen for the whole chat; set where the place is one of its topics. */
  chatSettings?: Choices
  awaited?: AwaitedText
  context: Conversation
  /** The update that stopped the last answer that was stopped. Never taken back. */
  stoppedBy?: number
  /** The newest question that was put to the model, until the conversation begins anew. */
  asked?: AskedQuestion
}

/** A button below a message: it sends `callbackData` (1–64 bytes of UTF-8) to the bot, or opens `url`. */
export type Button = { text: string; callbackData: string } | { text: string; url: string }

/** Rows of buttons; none at all are no keyboard. */
export type Keyboard = readonly (readonly Button[])[]

/** A message with buttons that its own buttons change. It fits into one message of Telegram. */
export interface Card {
  markdown: string
  keyboard: Keyboard
}

/** How a reply is sent. */
export interface ReplyOptions {
  /** It answers a command and goes first. */
  command?: boolean
  /** Shown below it, or below the last of its messages. */
  keyboard?: Keyboard
  /** It is a message of its own beside the answer. Whatever has a keyboard is. */
  aside?: boolean
}

/** The message that carries a pressed button, and what is chosen where it stands. */
export interface PressedCard {
  isPrivate: boolean
  /** Whether who pressed may choose for the chat: in a group its administrators. */
  mayChoose(): Promise<boolean>
  memory(): Promise<Memory>
  /**
   * Keeps at once what `after` has chosen or awaits otherwise than `before`, and nothing else. A press that is run again
   * keeps nothing twice. Resolves with the memory as it is then.
   */
  change(before: Memory, after: Memory): Promise<Memory>
  /** Shows `card` in place of the message. */
  show(card: Card): Promise<void>
}

/** A press of a button, as the dialogue sees it. A `stream` names a turn by the id of its first update. */
export interface ButtonPress {
  /** What the button carries; '' for a game's. */
  data: string
  /** Whether who pressed may stop the turn: its author, and in a group the administrators. */
  mayStop(stream: string): Promise<boolean>
  /** Whether the turn is being answered now. */
  isRunning(stream: string): Promise<boolean>
  /** Whether this very press has stopped its turn already: a worker may hear of it before the press has its turn. */
  hasStopped(): Promise<boolean>
  /** Ends the spinner of the button, with a short notice or, for '', without. */
  answer(text: string): Promise<void>
  /** Takes away the message with the button, unless an answer that is still on its way may become that message. */
  removeMessage(): Promise<void>
  /** Undefined where no message of the bot in a chat shows the button (any more). */
  card?: PressedCard
}

/** One turn, as the dialogue sees it. */
export interface TurnPort {
  /** Read and replaced, never changed in place; committed with the turn. */
  memory: Memory
  /** The messages that the turn merged, in order. */
  said: readonly Heard[]
  /** Who wrote them, where several may speak: as Telegram shows them. */
  speaker?: string
  /** The files that came with them. */
  files: FilePort
  /** Ids of the messages that the turn merged, in order, or of the one that was edited. */
  messageIds: readonly number[]
  /** The name of the stream that shows the turn's answer. */
  stream: string
  /** Whether the update is meant for the bot: private, or mentioned, replied to, commanded. */
  addressed: boolean
  /** Set where the update is a press of a button. */
  press?: ButtonPress
  /** Adds a reply in Markdown to what the turn sends. */
  reply(markdown: string, options?: ReplyOptions): void
  ask: AskModel
  /** The window of the model that `ask` asks. */
  window(): Promise<ModelWindow>
  /** Has messages summed up once the turn is committed, if nobody does so already. The turn does not wait for it. */
  sumUp(wish: SummaryWish): void
  /** Waits so many ms between two tries; resolves early where the process stops or the turn is asked to. */
  pause(ms: number): Promise<void>
  /** Why nothing may be spent on models now; undefined where something may. */
  declined(): Promise<Decline | undefined>
  /** What who wrote has used, and in a group what all have used in it. */
  usage(): Promise<{ user: Usage; chat?: Usage }>
  /**
   * Erases everything about the chat, this turn too: `farewell` is what the chat is told of it, and nothing that the turn
   * says, remembers or asks afterwards counts.
   */
  forget(farewell: string): Promise<void>
  /** Whether who wrote administers the chat. Asked in groups only. */
  isAdministrator(): Promise<boolean>
}
