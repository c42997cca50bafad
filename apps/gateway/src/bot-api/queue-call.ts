/** Makes a call in its turn: through the outbox of its chat, within the budgets. */
import type { BotCalls } from '@chatlane/bot-calls'
import type { BotAnswer } from '@chatlane/telegram'
import { type CallReply, replyOf } from './call-reply.ts'
import { type DoorCall, keyedCall } from './door-call.ts'
import { type IdempotencyKeys, KEPT_SECONDS } from './idempotency-keys.ts'
import { badRequest, OTHERS_KEY } from './refusals.ts'
import { type UploadCallParts, uploadCall } from './upload-call.ts'

/** What queueing needs. */
export interface QueueCallParts extends UploadCallParts {
  botCalls: BotCalls
  idempotencyKeys: IdempotencyKeys
}

const FILES_WAIT = badRequest('Chatlane-Wait: 0 is not for files, which are nowhere but in the request')

/** Puts the call and waits for its answer, or not, as the caller wishes. Rejects where Redis does not answer. */
export async function queueCall(parts: QueueCallParts, call: DoorCall): Promise<CallReply> {
  const { bot, method, payload, headers, hasFiles } = call
  if (hasFiles && !headers.waits) return replyOf(FILES_WAIT)
  const keyed = keyedCall(call)
  if (keyed && !(await parts.idempotencyKeys.isFree(keyed))) return replyOf(OTHERS_KEY)
  const put = await parts.botCalls.put({
    botId: bot.id,
    method,
    payload,
    class: headers.class,
    ...(keyed && { id: `i${keyed.digest}`, keptSeconds: KEPT_SECONDS }),
    ...(hasFiles && { upload: () => uploadCall(parts, call) }),
  })
  if (put.kind === 'stale') throw new Error('a call of no turn can not be stale')
  if (headers.waits) return replyOf(await put.answer)
  const refused = await answerSoFar(put.answer)
  return refused ? replyOf(refused) : { status: 202, answer: { ok: true, result: { id: put.id } } }
}

/** The answer of a call that never was put (it names no chat, or Telegram wants a long pause): it is there already. */
function answerSoFar(answer: Promise<BotAnswer>): Promise<BotAnswer | undefined> {
  return Promise.race([answer, Promise.resolve(undefined)])
}
