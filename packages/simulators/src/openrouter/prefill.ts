/** What models make of a prompt whose last message is the beginning of their own answer. */
import { type PromptMessage, textOf } from './prompt.ts'

/**
 * `continues`: it goes on where the beginning ends. `trims`: so it does, but a space that its piece begins with is lost
 * (Amazon Bedrock). `repeats`: its answer begins with the beginning (Mistral). `refuses`: status 400 (Anthropic from
 * Claude 4.6 on). `restarts`: it takes the beginning for an earlier answer and answers anew (OpenAI).
 */
export type PrefillHabit = 'continues' | 'trims' | 'repeats' | 'refuses' | 'restarts'

/** The habit of a model, by its id. */
export function prefillHabit(model: string): PrefillHabit {
  if (model.startsWith('amazon/')) return 'trims'
  if (model.startsWith('mistralai/')) return 'repeats'
  if (!model.startsWith('anthropic/')) return 'restarts'
  return /-(?:4\.[6-9]|[5-9])/.test(model) ? 'refuses' : 'continues'
}

/** The prompt without the beginning of an answer, and that beginning; undefined where it ends with a question. */
export function splitPrefill(
  messages: readonly PromptMessage[],
): { messages: PromptMessage[]; beginning: string } | undefined {
  const last = messages.at(-1)
  if (last?.role !== 'assistant' || messages.length < 2) return undefined
  return { messages: messages.slice(0, -1), beginning: textOf(last) }
}

/** What the model sends of its whole answer, when it was given a beginning. A different beginning is still gone on with. */
export function continuationOf(whole: string, beginning: string, habit: PrefillHabit): string {
  if (habit === 'restarts' || habit === 'repeats') return whole
  const rest = whole.startsWith(beginning) ? whole.slice(beginning.length) : ` ${whole}`
  return habit === 'trims' ? rest.trimStart() : rest
}

/** What Anthropic says of a beginning that it does not take; undefined where it does. */
export function prefillProblem(beginning: string, habit: PrefillHabit): string | undefined {
  if (habit === 'refuses') {
    return 'This model does not support assistant message prefill. The conversation must end with a user message.'
  }
  const isAnthropic = habit === 'continues'
  return isAnthropic && beginning !== beginning.trimEnd()
    ? 'messages: final assistant content cannot end with trailing whitespace'
    : undefined
}
