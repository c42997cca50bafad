/** Makes a prompt shorter that turned out to be too long for its model. */
import type { PromptMessage } from './ports.ts'

/** The prompt without the older half of its conversation; undefined where there is nothing but the question. */
export function fewerMessages(prompt: readonly PromptMessage[]): PromptMessage[] | undefined {
  const talk = prompt.filter(({ role }) => role !== 'system')
  if (talk.length < 2) return undefined
  const half = talk.reduce((sum, { content }) => sum + content.length, 0) / 2
  let [from, left] = [talk.length - 1, half - (talk.at(-1)?.content.length ?? 0)]
  for (; from > 1; from--) {
    left -= talk[from - 1]?.content.length ?? 0
    if (left < 0) break
  }
  // A conversation that begins with an answer would have lost the question it belongs to.
  if (from < talk.length - 1 && talk[from]?.role === 'assistant') from++
  const kept = new Set(talk.slice(from))
  return prompt.filter((message) => message.role === 'system' || kept.has(message))
}
