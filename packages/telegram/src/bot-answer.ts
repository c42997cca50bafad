// Telegram's answer to a call, as the Bot API words it (https://core.telegram.org/bots/api#making-requests).
import type { CallOutcome } from './call-outcome.ts'

/** The body of an answer. */
export type BotAnswer =
  | { ok: true; result: unknown; description?: string }
  | {
      ok: false
      error_code: number
      description: string
      parameters?: { retry_after?: number; migrate_to_chat_id?: number }
    }

/** The answer that says how long to wait, in whole seconds, at least one. */
export function floodAnswer(retryAfterMs: number): BotAnswer & { ok: false } {
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1000))
  return {
    ok: false,
    error_code: 429,
    description: `Too Many Requests: retry after ${seconds}`,
    parameters: { retry_after: seconds },
  }
}

/** The answer that an outcome is told by. What Telegram never answered is told as a proxy tells it: 502 and 504. */
export function answerOf(outcome: CallOutcome<unknown>): BotAnswer {
  switch (outcome.kind) {
    case 'ok':
      return {
        ok: true,
        result: outcome.result,
        ...(outcome.description !== undefined && { description: outcome.description }),
      }
    case 'flood':
      return floodAnswer(outcome.retryAfterMs)
    case 'refused': {
      const { code, description, migrateToChatId } = outcome
      const parameters = migrateToChatId !== undefined && {
        parameters: { migrate_to_chat_id: migrateToChatId },
      }
      return { ok: false, error_code: code, description, ...parameters }
    }
    case 'server-error':
      return { ok: false, error_code: outcome.status, description: 'Internal Server Error' }
    case 'not-sent':
      return { ok: false, error_code: 502, description: 'Bad Gateway: Telegram could not be reached' }
    case 'unknown':
      return { ok: false, error_code: 504, description: 'Gateway Timeout: the outcome could not be learned' }
  }
}
