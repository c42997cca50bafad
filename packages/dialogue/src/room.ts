/** How much of a chat goes into a prompt: the operator's bound, the model's window, and how the model counts. */
import type { TurnPort } from './ports.ts'
import { systemPromptOf } from './system-prompt.ts'
import { estimateTokens, STANDARD_WEIGHTS, type TokenWeights } from './tokens.ts'

/** What has room in the next prompt of a chat, in tokens. */
export interface Room {
  systemPrompt: string
  systemTokens: number
  /** All of the prompt, the system prompt included. */
  promptTokens: number
  weights: TokenWeights
}

/** What bounds it beside the model. */
export interface RoomSettings {
  systemPrompt: string
  isSystemPromptFixed?: boolean
  contextMaxTokens: number
}

/** The room of the next prompt, for the model that answers now. */
export async function roomOf(
  turn: Pick<TurnPort, 'memory' | 'window'>,
  settings: RoomSettings,
): Promise<Room> {
  const systemPrompt = systemPromptOf(turn.memory, settings)
  const { promptTokens = Number.POSITIVE_INFINITY, weights = STANDARD_WEIGHTS } = await turn.window()
  return {
    systemPrompt,
    systemTokens: estimateTokens(systemPrompt, weights),
    promptTokens: Math.min(settings.contextMaxTokens, promptTokens),
    weights,
  }
}
