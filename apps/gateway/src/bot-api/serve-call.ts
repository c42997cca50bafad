/** Reads the call that a request carries, and makes it. */
import type { IncomingMessage } from 'node:http'
import type { AdmittedCall } from './admit-call.ts'
import { type CallNowParts, callNow } from './call-now.ts'
import { readCallParameters } from './call-parameters.ts'
import { type CallReply, replyOf } from './call-reply.ts'
import type { HeldBytes } from './held-bytes.ts'
import { type QueueCallParts, queueCall } from './queue-call.ts'
import { badRequest } from './refusals.ts'
import { readRequestBody } from './request-body.ts'

/** What serving calls needs. */
export type ServeCallParts = CallNowParts & QueueCallParts & { held: HeldBytes }

/** Makes an admitted call; `gone` aborts when its caller has left. Rejects where Redis does not answer. */
export async function serveCall(
  parts: ServeCallParts,
  { admitted, request, gone }: { admitted: AdmittedCall; request: IncomingMessage; gone: AbortSignal },
): Promise<CallReply> {
  const body = await readRequestBody(request, parts.held)
  if (body.kind === 'refused') return replyOf(body.refusal)
  if (body.kind === 'gone') return replyOf(badRequest('the request was cut off'))
  try {
    const { query } = admitted
    const { bytes } = body
    const type = request.headers['content-type']
    const read = await readCallParameters({ query, contentType: type ?? '', bytes })
    if (read.kind === 'refused') return replyOf(read.refusal)
    const raw = { query, ...(bytes.length > 0 && { body: bytes, contentType: type }) }
    const call = { ...admitted, payload: read.payload, hasFiles: read.hasFiles, raw }
    return admitted.route === 'outbox' ? await queueCall(parts, call) : await callNow(parts, call, gone)
  } finally {
    body.release()
  }
}
