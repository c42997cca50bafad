/** Asks OpenRouter only where an answer can be hoped for, and not too often at once. */
import type { Tally } from '@chatlane/runtime'
import type { Breaker, Pass } from './breaker.ts'
import { type Fault, faultWith } from './faults.ts'
import type { Governor } from './governor.ts'
import type { OpenRouter } from './open-router.ts'
import type { AnswerOutcome, AnswerRequest, AnswerWatch } from './outcome.ts'

/** What guards. */
export interface Guards {
  breaker: Breaker
  /** Without it, any number of requests may be under way. */
  governor?: Governor
  tally: Tally
}

/**
 * `openRouter` behind breakers and governor: what is known not to answer is left out, and where nobody is left the fault
 * is told at once, with `isHeld`. Questions about the account pass. A wait for a slot ends with the caller's signal.
 */
export function guardAnswers(openRouter: OpenRouter, { breaker, governor, tally }: Guards): OpenRouter {
  const held = (fault: Fault): AnswerOutcome => {
    tally.count('chatlane_openrouter_held_back_total', { code: fault.code })
    return { kind: 'failed', fault, partial: '' }
  }
  const answer = async (request: AnswerRequest, watch: AnswerWatch): Promise<AnswerOutcome> => {
    const entry = await breaker.enter(modelsOf(request))
    if (entry.kind === 'held') return held(entry.fault)
    const [model = request.model, ...fallbackModels] = entry.models
    return watched(entry.pass, watch, (seen) =>
      openRouter.answer({ ...request, model, fallbackModels }, seen),
    )
  }
  return {
    ...openRouter,
    async answer(request, watch = {}) {
      if (!governor) return answer(request, watch)
      // Whoever would be told anyway does not wait for a slot first.
      const look = await breaker.look(modelsOf(request))
      if (look !== 'open') return held(look)
      const acquired = governor.acquire(watch.signal)
      watch.onWait?.(acquired)
      const slot = await acquired
      if (slot.kind === 'aborted') return { kind: 'aborted', partial: '' }
      if (slot.kind === 'full') {
        return held({ ...faultWith('rate_limited', 'no slot came free'), retryable: false, isHeld: true })
      }
      try {
        return await answer(request, watch)
      } finally {
        await slot.give()
      }
    },
  }
}

function modelsOf({ model, fallbackModels = [] }: AnswerRequest): string[] {
  return [...new Set([model, ...fallbackModels])]
}

async function watched(
  pass: Pass,
  watch: AnswerWatch,
  ask: (watch: AnswerWatch) => Promise<AnswerOutcome>,
): Promise<AnswerOutcome> {
  let begun: Promise<void> | undefined
  const outcome = await ask({
    ...watch,
    onBegin(model) {
      begun = pass.begun(model)
      watch.onBegin?.(model)
    },
  })
  await begun
  await pass.ended(outcome)
  return outcome
}
