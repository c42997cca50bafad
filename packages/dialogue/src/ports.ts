/** What the dialogue needs of the outside; the worker connects it. */

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

/** What came of asking the model. */
export type ModelAnswer =
  | { kind: 'answered'; text: string }
  /** Someone stopped it. `text`: what had been said, maybe ''. `by`: the id of the update that asked for it. */
  | { kind: 'stopped'; text: string; by: number }
  /** `partial`: what had been said before it broke off. */
  | { kind: 'failed'; code: FaultCode; retryable: boolean; retryAfterMs?: number; partial: string }

/** The model. Rejects only where the process is stopping or something unforeseen happened. */
export type AskModel = (messages: readonly PromptMessage[]) => Promise<ModelAnswer>

/** What fits into the model that answers. */
export interface ModelWindow {
  /** Tokens of the whole prompt; undefined where nobody knows the model. */
  promptTokens?: number
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

/** A question that was put to the model, for whoever edits it. */
export interface AskedQuestion {
  /** The name of the stream that shows its answer. */
  stream: string
  /** Its messages; several where the turn merged them, and then what each of them says. */
  messages: readonly { id: number; content?: string }[]
  /** Tells whether the newest question of the context is this one. */
  digest: string
}

/** What the dialogue remembers of a chat between two turns. */
export interface Memory {
  state: 'new' | 'waiting-for-input'
  /** `streaming`: what the chat has chosen; the deployment's where it has not. */
  settings: { language?: 'ru' | 'en'; streaming?: StreamingMode }
  context: { generation: number; messages: readonly Said[] }
  /** The update that stopped the last answer that was stopped. Never taken back. */
  stoppedBy?: number
  /** The newest question that was put to the model, until the conversation begins anew. */
  asked?: AskedQuestion
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
}

/** One turn, as the dialogue sees it. */
export interface TurnPort {
  /** Read and replaced, never changed in place; committed with the turn. */
  memory: Memory
  /** Texts of the messages that the turn merged, in order. Empty where none has text. */
  texts: readonly string[]
  /** Ids of the messages that the turn merged, in order, or of the one that was edited. */
  messageIds: readonly number[]
  /** The name of the stream that shows the turn's answer. */
  stream: string
  /** Whether the update is meant for the bot: private, or mentioned, replied to, commanded. */
  addressed: boolean
  /** Set where the update is a press of a button. */
  press?: ButtonPress
  /** Adds a reply in Markdown to what the turn sends. `command`: it answers a command and goes first. */
  reply(markdown: string, options?: { command: boolean }): void
  ask: AskModel
  /** The window of the model that `ask` asks. */
  window(): Promise<ModelWindow>
  /** Waits so many ms between two tries; resolves early where the process stops or the turn is asked to. */
  pause(ms: number): Promise<void>
  /** Whether today's budget is spent. */
  isBudgetSpent(): Promise<boolean>
  /**
   * Erases everything about the chat, this turn too: `farewell` is what the chat is told of it, and nothing that the turn
   * says, remembers or asks afterwards counts.
   */
  forget(farewell: string): Promise<void>
  /** Whether who wrote administers the chat. Asked in groups only. */
  isAdministrator(): Promise<boolean>
}
