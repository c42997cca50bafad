/** Writes an answer of the Bot API as HTTP. */
import type { BotAnswer } from '@chatlane/telegram'
import type { FastifyReply } from 'fastify'

/** An answer with the status that it goes out with. */
export interface CallReply {
  status: number
  answer: BotAnswer
}

/** The reply to a call that Telegram, or the gateway for it, has answered. */
export function replyOf(answer: BotAnswer): CallReply {
  if (answer.ok) return { status: 200, answer }
  const { error_code } = answer
  return { status: error_code >= 400 && error_code < 600 ? error_code : 502, answer }
}

/** Sends it, with `Retry-After` where the answer says how long to wait, as Telegram does. */
export function sendReply(reply: FastifyReply, { status, answer }: CallReply): FastifyReply {
  const retryAfter = answer.ok ? undefined : answer.parameters?.retry_after
  if (retryAfter !== undefined) reply.header('retry-after', retryAfter)
  return reply.code(status).send(answer)
}
