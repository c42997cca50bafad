/** What a press of a card's button comes to. */
import type { ModelList } from './model-list.ts'
import type { Card, Memory, StreamingMode } from './ports.ts'
import type { Texts } from './texts.ts'

/** What the settings of a chat are chosen from. */
export interface ChoiceSettings {
  models: ModelList
  /** Whether no chat may have a system prompt of its own. */
  isSystemPromptFixed: boolean
  /** What is sent of a chat with each message, in tokens. */
  contextMaxTokens: number
  /** The deployment's way to show replies. */
  streaming: StreamingMode
}

/** A press, as far as its outcome depends on it. */
export interface PressSetting extends ChoiceSettings {
  texts: Texts
  userId: number
  updateId: number
  nowSeconds: number
  isPrivate: boolean
  memory: Memory
}

/** What is to be done about a press, in this order. */
export interface PressOutcome {
  /** Kept at once. Run again it comes to the same. */
  change?: (memory: Memory) => Memory
  /** Told in a short notice; the spinner ends without one. */
  notice?: string
  /** Takes the message's place. */
  card?: (memory: Memory) => Card
}
