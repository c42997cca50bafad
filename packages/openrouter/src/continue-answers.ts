/** Lets a model go on with an answer that broke off, where it can: the caller sees one growing text. */
import type { OpenRouter } from './open-router.ts'
import type { AnswerOutcome, AnswerRequest, AnswerWatch } from './outcome.ts'
import { type Seam, seamOf } from './seam.ts'

/**
 * `openRouter`, with `said` of a request understood: a model that is one of `models` is given it as the beginning of its
 * answer, any other answers anew. `models`: ids, in which `*` stands for any text.
 */
export function continueAnswers(openRouter: OpenRouter, options: { models: readonly string[] }): OpenRouter {
  const canContinue = continuing(options.models)
  return {
    ...openRouter,
    async answer({ said = '', ...request }, watch = {}) {
      const seam = canContinue(request.model) ? seamOf(said) : undefined
      if (!seam) return openRouter.answer(request, watch)
      const outcome = await goOn({ openRouter, request, watch, said, seam, canContinue })
      const isRefused = outcome.kind === 'failed' && outcome.fault.code === 'bad_request'
      // A model that does not take a beginning says so before it is paid for anything.
      return isRefused && outcome.partial === said ? openRouter.answer(request, watch) : outcome
    },
  }
}

/** Tells whether a model goes on with an unfinished answer, by the patterns of its id. */
export function continuing(patterns: readonly string[]): (model: string) => boolean {
  const escaped = patterns.map((pattern) =>
    pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*'),
  )
  const any = new RegExp(`^(?:${escaped.join('|')})(?::[^/]*)?$`)
  return (model) => patterns.length > 0 && any.test(model)
}

async function goOn(going: {
  openRouter: OpenRouter
  request: AnswerRequest
  watch: AnswerWatch
  said: string
  seam: Seam
  canContinue(model: string): boolean
}): Promise<AnswerOutcome> {
  const { openRouter, request, watch, said, seam, canContinue } = going
  const outcome = await openRouter.answer(
    {
      ...request,
      // One that answers anew would have its answer glued to the beginning of this one.
      fallbackModels: (request.fallbackModels ?? []).filter(canContinue),
      messages: [...request.messages, { role: 'assistant', content: seam.prefill }],
    },
    {
      ...watch,
      onDelta(textSoFar, delta) {
        const joined = seam.join(textSoFar)
        if (joined !== said) watch.onDelta?.(joined, delta)
      },
    },
  )
  if (outcome.kind === 'answered') return { ...outcome, text: seam.end(outcome.text) }
  if (outcome.kind === 'failed' && outcome.fault.code === 'empty' && outcome.fault.retryable) {
    return wholeAlready(outcome, { request, said })
  }
  return { ...outcome, partial: seam.join(outcome.partial) }
}

/** A model that has nothing to add has said that the answer was whole. */
function wholeAlready(
  { generationId, usage }: Extract<AnswerOutcome, { kind: 'failed' }>,
  { request, said }: { request: AnswerRequest; said: string },
): AnswerOutcome {
  return {
    kind: 'answered',
    text: said,
    finishReason: 'stop',
    model: request.model,
    ...(generationId !== undefined && { generationId }),
    usage: usage
      ? { ...usage, isKnown: true }
      : { promptTokens: 0, completionTokens: 0, costUsd: 0, isKnown: false },
    firstTokenMs: 0,
    totalMs: 0,
  }
}
