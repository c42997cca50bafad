/** Has it learned from answers how their models count tokens. */
import { addCounts, countText, type PromptCounts } from '@chatlane/dialogue'
import {
  type AnswerOutcome,
  type AnswerRequest,
  isModel,
  type PromptMessage,
  type TokenLearning,
} from '@chatlane/openrouter'

/** How models count what prompts are made of. */
export type PromptLearning = TokenLearning<keyof PromptCounts>

/** What a request was, as far as it can be learned from. */
export interface Learned extends Pick<AnswerRequest, 'model' | 'fallbackModels' | 'messages' | 'said'> {
  /** What its pictures were taken to cost before anything is known of the model. */
  pictureTokens: number
}

/** Notes what a prompt came to, where it was texts and pictures alone, and the model says so. */
export function learnFrom(learning: PromptLearning, asked: Learned, outcome: AnswerOutcome): void {
  // The beginning of an answer that is gone on with is a part of the prompt, too.
  if (outcome.kind !== 'answered' || !outcome.usage.isKnown || asked.said) return
  const model = [asked.model, ...(asked.fallbackModels ?? [])].find((id) => isModel(outcome.model, id))
  const texts = asked.messages.flatMap(textOf)
  if (model === undefined || texts.length < asked.messages.length) return
  const counts = { ...addCounts(texts.map(countText)), pictures: asked.pictureTokens }
  learning.note(model, counts, outcome.usage.promptTokens)
}

/** Nothing where a message has parts that nobody can count. */
function textOf({ content }: PromptMessage): string[] {
  if (typeof content === 'string') return [content]
  if (content.some(({ type }) => type !== 'text' && type !== 'image_url')) return []
  return [content.map((part) => (part.type === 'text' ? part.text : '')).join('')]
}
