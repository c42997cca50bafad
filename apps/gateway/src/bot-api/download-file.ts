/** Passes a file of Telegram's on: clients build its address from their API root. */
import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { replyOf, sendReply } from './call-reply.ts'
import { NOT_FOUND } from './refusals.ts'

const PASSED_HEADERS = [
  'content-type',
  'content-length',
  'content-range',
  'accept-ranges',
  'last-modified',
  'etag',
]

/** Streams `/file/bot<token>/<path>` of `apiRoot`; `signal` ends it. Telegram's refusals are passed on as they are. */
export async function downloadFile(
  from: { apiRoot: string; token: string; path: string; signal: AbortSignal },
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
): Promise<FastifyReply> {
  const parts = from.path.split('/')
  // A path that climbs out would be a call past the budgets.
  if (parts.some((part) => part === '' || part === '.' || part === '..'))
    return sendReply(reply, replyOf(NOT_FOUND))
  const url = `${from.apiRoot}/file/bot${from.token}/${parts.map(encodeURIComponent).join('/')}`
  const { range } = request.headers
  const headers = { 'accept-encoding': 'identity', ...(range !== undefined && { range }) }
  const answer = await fetch(url, { headers, redirect: 'error', signal: from.signal }).catch(() => undefined)
  if (!answer) return sendReply(reply, replyOf(UNREACHABLE))
  for (const name of PASSED_HEADERS) {
    const value = answer.headers.get(name)
    if (value !== null) reply.header(name, value)
  }
  return reply.code(answer.status).send(answer.body ? Readable.fromWeb(answer.body) : '')
}

const UNREACHABLE = {
  ok: false as const,
  error_code: 502,
  description: 'Bad Gateway: Telegram could not be reached',
}
