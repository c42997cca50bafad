/** Which model a turn asks next: after some faults the next of the list. */
import { type FaultCode, TREATMENTS } from '@chatlane/dialogue'

/** The models of one turn. */
export interface ModelRoute {
  /** Whom to ask; OpenRouter tries the others itself as long as nothing was said. */
  now(): { model: string; fallbackModels: readonly string[] }
  /** Notes how a request ended, and whether it had begun to say something. True where the next is to be asked at once. */
  failed(fault: { code: FaultCode; hasBegun: boolean }): boolean
}

/** The route through `models`, the wanted one first. It goes round: who failed may be well again. */
export function createModelRoute(options: {
  models: readonly string[]
  /** Whether a model goes on with an answer that broke off. */
  canContinue(model: string): boolean
}): ModelRoute {
  let order = [...new Set(options.models)]
  const hasFailed = new Set<string>()
  const goesOn = new Set<string>()
  return {
    now() {
      const [model = '', ...fallbackModels] = order
      return { model, fallbackModels }
    },
    failed({ code, hasBegun }) {
      const [first = '', ...others] = order
      if (TREATMENTS[code].again !== 'next model' || others.length === 0) return false
      // Its reader would rather have the end of this answer than the whole of another.
      if (hasBegun && options.canContinue(first) && !goesOn.has(first)) {
        goesOn.add(first)
        return false
      }
      hasFailed.add(first)
      order = code === 'model_gone' ? others : [...others, first]
      return !hasFailed.has(others[0] ?? '')
    },
  }
}
