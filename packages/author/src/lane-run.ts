/** `ctx.lane`: what the platform adds to the context of a handler. */
import type { Context } from 'telegraf'

/** A message of the chat's conversation with the model. */
export interface LaneMessage {
  role: 'user' | 'assistant'
  content: string
}

/** What came of asking the model. */
export type ModelAnswer =
  | { kind: 'answered'; text: string }
  /** Someone stopped it; `text` is what had been said. */
  | { kind: 'stopped'; text: string; by: number }
  /** `budget_spent` and `budget_cooling` are our own: a limit of the bot, the user or the chat is reached. */
  | { kind: 'failed'; code: string; retryable: boolean; retryAfterMs?: number; partial: string }

/** What a handler has beyond Telegraf's context. */
export interface LaneRun {
  /** True where the update ran before: its worker died, or its session changed meanwhile. */
  readonly rerun: boolean
  /** Runs `fn` once per update and keeps its result (JSON): a run after a death gets the same. */
  once<T>(name: string, fn: () => T | Promise<T>): Promise<T>
  /** A call to the update's chat that goes out when the handler has ended well, with its session, or not at all. */
  commit(method: string, payload: Record<string, unknown>): void
  /** The chat's conversation with the model, oldest first. */
  readonly messages: readonly LaneMessage[]
  /** Adds to the conversation; kept when the handler has ended well. */
  remember(...messages: LaneMessage[]): void
  /**
   * Asks the deployment's model; the answer streams into the chat as the assistant's does. Follow it by `reply`, or
   * what was shown is taken away. Rejects where the worker stops.
   */
  ask(messages: readonly { role: 'system' | 'user' | 'assistant'; content: string }[]): Promise<ModelAnswer>
  /** A reply in Markdown that goes out when the handler has ended well; it takes the place of what `ask` showed. */
  reply(markdown: string): void
}

/** Telegraf's context with what the platform adds: `new Telegraf<LaneContext>(…)`. */
export interface LaneContext extends Context {
  lane: LaneRun
  /** Aborts when the handler has taken too long, or the worker stops. */
  signal: AbortSignal
}
