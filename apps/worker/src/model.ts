/** Connects the dialogue's model port to OpenRouter: prompts out, answers and faults in, tokens and cost counted. */
import { createHash } from 'node:crypto'
import type { Spend } from '@chatlane/chats'
import type { ModelAnswer, PromptMessage } from '@chatlane/dialogue'
import { type LaneName, laneText } from '@chatlane/lanes'
import type { OpenRouter } from '@chatlane/openrouter'
import type { Log, Tally } from '@chatlane/runtime'

/** What asking needs. */
export interface ModelParts {
  openRouter: OpenRouter
  model: string
  fallbackModels: readonly string[]
  spend(botId: string): Spend
  tally: Tally
  log: Log
}

/** Always set: without it OpenRouter reserves credits for the model's whole window. */
const REPLY_MAX_TOKENS = 4096

/** The process is stopping, or the turn is another's by now: it is handed back. */
export class StoppingError extends Error {
  readonly code = 'STOPPING'

  constructor() {
    super('the worker is stopping, or the turn was taken over')
    this.name = 'StoppingError'
  }
}

/** A question to the model. */
export interface Asked {
  lane: LaneName
  userId: string
  messages: readonly PromptMessage[]
  signal: AbortSignal
  /** The update that asked the turn to stop, once one did. */
  stoppedBy(): number | undefined
  /** Told for each piece of the answer. */
  onText(textSoFar: string): void
}

/** Asks the model for the lane. Throws a StoppingError when `signal` aborts for another reason than a stop. */
export async function askModel(parts: ModelParts, asked: Asked): Promise<ModelAnswer> {
  const { lane, messages, signal, onText } = asked
  const labels = { bot: lane.botId, model: parts.model }
  const outcome = await parts.openRouter.answer(
    {
      model: parts.model,
      fallbackModels: parts.fallbackModels,
      messages,
      maxTokens: REPLY_MAX_TOKENS,
      user: hashed(`${lane.botId}:${asked.userId}`),
      sessionId: hashed(laneText(lane)),
    },
    { signal, onDelta: onText },
  )
  if (outcome.kind === 'aborted') {
    const by = asked.stoppedBy()
    if (by === undefined) throw new StoppingError()
    return { kind: 'stopped', text: outcome.partial, by }
  }
  if (outcome.usage) {
    const { promptTokens, completionTokens, costUsd } = outcome.usage
    parts.tally.count('chatlane_openrouter_tokens_total', { ...labels, kind: 'prompt' }, promptTokens)
    parts.tally.count('chatlane_openrouter_tokens_total', { ...labels, kind: 'completion' }, completionTokens)
    parts.tally.count('chatlane_openrouter_cost_usd_total', labels, costUsd)
    if (costUsd > 0) await parts.spend(lane.botId).add(costUsd)
  }
  if (outcome.kind === 'answered') {
    parts.tally.observeSeconds(
      'chatlane_time_to_first_token_seconds',
      { bot: lane.botId },
      outcome.firstTokenMs / 1000,
    )
    return { kind: 'answered', text: outcome.text }
  }
  const { code, retryable, retryAfterMs, status, detail } = outcome.fault
  parts.tally.count('chatlane_openrouter_faults_total', { ...labels, code })
  parts.log.error({ lane: laneText(lane), code, status, detail }, 'OpenRouter did not answer')
  return {
    kind: 'failed',
    code,
    retryable,
    partial: outcome.partial,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  }
}

function hashed(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32)
}
