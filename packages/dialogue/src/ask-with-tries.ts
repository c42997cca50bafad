/** Asks the model again where that can help, and keeps what was said on the way. */
import type { ModelAnswer, PromptMessage, TurnPort } from './ports.ts'

const MOST_TRIES = 3
const MOST_PAUSE_MS = 10_000

/** The model's answer, or what the last try ended with and the longest text that any of them brought. */
export async function askWithTries(turn: TurnPort, messages: readonly PromptMessage[]): Promise<ModelAnswer> {
  let longest = ''
  for (let attempt = 1; ; attempt++) {
    const answer = keepLongest(await turn.ask(messages), longest)
    if (answer.kind === 'failed') longest = answer.partial
    if (answer.kind !== 'failed' || !answer.retryable || attempt === MOST_TRIES) return answer
    const waitMs = answer.retryAfterMs ?? 500 * 2 ** attempt
    if (waitMs > MOST_PAUSE_MS) return answer
    await turn.pause(waitMs)
  }
}

/** What was said before (by another try, by another worker) is kept where the answer ends before it comes so far. */
export function keepLongest(answer: ModelAnswer, said: string): ModelAnswer {
  if (answer.kind === 'stopped' && answer.text.length < said.length) return { ...answer, text: said }
  if (answer.kind === 'failed' && answer.partial.length < said.length) return { ...answer, partial: said }
  return answer
}
