/** Asks the model again where that can help, and keeps what was said on the way. */
import { TREATMENTS } from './fault-treatment.ts'
import { fewerMessages } from './fewer-messages.ts'
import type { ModelAnswer, PromptMessage, TurnPort } from './ports.ts'

const MOST_TRIES = 3
const MOST_PAUSE_MS = 10_000

/** The model's answer, or what the last try ended with and the longest text that any of them brought. */
export async function askWithTries(turn: TurnPort, messages: readonly PromptMessage[]): Promise<ModelAnswer> {
  let longest = ''
  let prompt = messages
  for (let attempt = 1; ; attempt++) {
    const answer = keepLongest(await turn.ask(prompt), longest)
    if (answer.kind !== 'failed') return answer
    longest = answer.partial
    if (TREATMENTS[answer.code].again === 'fewer messages') {
      const fewer = prompt === messages ? fewerMessages(prompt) : undefined
      if (!fewer) return answer
      prompt = fewer
      continue
    }
    if (!answer.retryable || attempt >= MOST_TRIES) return answer
    const waitMs = answer.retryAfterMs ?? 500 * 2 ** attempt
    // Nobody looks at a chat that says nothing for so long; whoever wrote may ask again when it is time.
    if (waitMs > MOST_PAUSE_MS) return answer
    if (waitMs > 0) await turn.pause(waitMs)
  }
}

/** What was said before (by another try, by another worker) is kept where the answer ends before it comes so far. */
export function keepLongest(answer: ModelAnswer, said: string): ModelAnswer {
  if (answer.kind === 'stopped' && answer.text.length < said.length) return { ...answer, text: said }
  if (answer.kind === 'failed' && answer.partial.length < said.length) return { ...answer, partial: said }
  return answer
}
