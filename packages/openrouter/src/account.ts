/** What OpenRouter says about the key and about the cost of one request. */
import type { Usage } from './outcome.ts'

/** The state of a key; `null` is no limit. */
export interface KeyState {
  limitUsd: number | null
  limitRemainingUsd: number | null
  usageUsd: number
  usageDailyUsd: number
  isFreeTier: boolean
}

/** Reads the body of `GET /key`. */
export function readKey(body: unknown): KeyState {
  const data = dataOf(body)
  return {
    limitUsd: typeof data.limit === 'number' ? data.limit : null,
    limitRemainingUsd: typeof data.limit_remaining === 'number' ? data.limit_remaining : null,
    usageUsd: numberOf(data.usage),
    usageDailyUsd: numberOf(data.usage_daily),
    isFreeTier: data.is_free_tier === true,
  }
}

/** What an account has. */
export interface Credits {
  leftUsd: number
}

/** Reads the body of `GET /credits` (https://openrouter.ai/docs/api-reference/credits). */
export function readCredits(body: unknown): Credits {
  const data = dataOf(body)
  return { leftUsd: numberOf(data.total_credits) - numberOf(data.total_usage) }
}

/** Reads the body of `GET /generation`. */
export function readGeneration(body: unknown): Usage {
  const data = dataOf(body)
  return {
    promptTokens: numberOf(data.native_tokens_prompt ?? data.tokens_prompt),
    completionTokens: numberOf(data.native_tokens_completion ?? data.tokens_completion),
    costUsd: numberOf(data.total_cost),
  }
}

function dataOf(body: unknown): Record<string, unknown> {
  const data = (body as { data?: unknown } | null)?.data
  return data !== null && typeof data === 'object' ? (data as Record<string, unknown>) : {}
}

function numberOf(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0
}
