/** What the dialogue needs of the outside; the worker connects it. */

/** One message as the model gets it. */
export interface PromptMessage {
  role: 'system' | 'user' | 'assistant'
  content: string
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
  /** `partial`: what had been said before it broke off. */
  | { kind: 'failed'; code: FaultCode; retryable: boolean; retryAfterMs?: number; partial: string }

/** The model. Rejects only where the process is stopping or something unforeseen happened. */
export type AskModel = (messages: readonly PromptMessage[]) => Promise<ModelAnswer>

/** What the dialogue remembers of a chat between two turns. */
export interface Memory {
  state: 'new' | 'waiting-for-input'
  settings: { language?: 'ru' | 'en' }
  context: { generation: number; messages: readonly { role: 'user' | 'assistant'; content: string }[] }
}

/** One turn, as the dialogue sees it. */
export interface TurnPort {
  /** Read and replaced, never changed in place; committed with the turn. */
  memory: Memory
  /** Texts of the messages that the turn merged, in order. Empty where none has text. */
  texts: readonly string[]
  /** Whether the update is meant for the bot: private, or mentioned, replied to, commanded. */
  addressed: boolean
  /** Adds a reply in Markdown to what the turn sends. `command`: it answers a command and goes first. */
  reply(markdown: string, options?: { command: boolean }): void
  ask: AskModel
  /** Whether today's budget is spent. */
  isBudgetSpent(): Promise<boolean>
}
