/** The door shaped like the Bot API, as HTTP: other services call it as they would call Telegram. */
import { STATUS_CODES } from 'node:http'
import type { Log } from '@chatlane/runtime'
import { type FastifyInstance, type FastifyReply, fastify } from 'fastify'
import { type AdmitCallParts, admitCall, botWith } from './admit-call.ts'
import { type CallReply, replyOf, sendReply } from './call-reply.ts'
import { downloadFile } from './download-file.ts'
import { NOT_FOUND, STOPPED, UNAUTHORIZED, UNCERTAIN, unavailable } from './refusals.ts'
import { type ServeCallParts, serveCall } from './serve-call.ts'
import { UncertainPutError } from './uncertain-put.ts'

/** What the server needs. */
export interface BotApiServerParts extends AdmitCallParts, ServeCallParts {
  apiRoot: string
  log: Log
}

/** The server, not yet listening. */
export interface BotApiServer {
  http: FastifyInstance
  /** Calls that have no answer yet, those included whose callers have left. */
  underWay(): ReadonlySet<Promise<unknown>>
}

/** Clients keep their connections open between calls. */
const KEEP_ALIVE_MS = 90_000
/** For so long a slow client may send its file. */
const REQUEST_MS = 300_000
/** A long text in the address takes six bytes a letter and more. */
const MOST_HEADER_BYTES = 256 * 1024

/** Creates the server. No part of an address, which holds a token, is ever logged or answered. */
export function createBotApiServer(parts: BotApiServerParts): BotApiServer {
  const http = fastify({
    logger: false,
    exposeHeadRoutes: false,
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestTimeout: REQUEST_MS,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    http: { maxHeaderSize: MOST_HEADER_BYTES },
    routerOptions: { maxParamLength: 256, ignoreTrailingSlash: true },
    frameworkErrors: (_error, _request, reply) => sendReply(reply, replyOf(NOT_FOUND)),
  })
  const working = new Set<Promise<unknown>>()
  // Bodies are read where the call is admitted.
  http.removeAllContentTypeParsers()
  http.addContentTypeParser('*', (_request, _body, done) => done(null))
  http.setNotFoundHandler((_request, reply) => sendReply(reply, replyOf(NOT_FOUND)))
  http.setErrorHandler<Error & { statusCode?: number }>((error, _request, reply) => {
    const status = error.statusCode ?? 500
    if (status >= 500) parts.log.error({ err: error }, 'a call failed')
    const description = STATUS_CODES[status] ?? 'Internal Server Error'
    return sendReply(reply, { status, answer: { ok: false, error_code: status, description } })
  })
  http.addHook('onSend', async (_request, reply) => {
    if (parts.stopping.aborted) reply.header('connection', 'close')
  })
  http.route<{ Params: { token: string; method: string } }>({
    method: ['GET', 'POST'],
    url: '/bot:token/:method',
    async handler(request, reply) {
      if (parts.stopping.aborted) return sendReply(reply, replyOf(unavailable('the gateway stops')))
      const admission = admitCall(parts, { request, ...request.params })
      if (admission.kind === 'refused') return sendReply(reply, replyOf(admission.refusal))
      const { call } = admission
      const serving = serveCall(parts, { admitted: call, request: request.raw, gone: whenGone(reply) })
      working.add(serving)
      const served = () => working.delete(serving)
      serving.then(served, served)
      return sendReply(reply, await untilEnding(parts, serving))
    },
  })
  http.get<{ Params: { token: string; '*': string } }>('/file/bot:token/*', (request, reply) => {
    const { token, '*': path } = request.params
    const bot = botWith(parts.bots, token)
    if (!bot) return sendReply(reply, replyOf(UNAUTHORIZED))
    const signal = AbortSignal.any([whenGone(reply), parts.ending])
    return downloadFile({ apiRoot: parts.apiRoot, token: bot.token, path, signal }, { request, reply })
  })
  return { http, underWay: () => working }
}

/** Aborts when the connection is closed before the answer was written. */
function whenGone(reply: FastifyReply): AbortSignal {
  const gone = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort()
  })
  return gone.signal
}

/** What serving comes to, or an answer that tells of nothing once the process ends. */
function untilEnding({ ending, log }: BotApiServerParts, serving: Promise<CallReply>): Promise<CallReply> {
  const { promise, resolve } = Promise.withResolvers<CallReply>()
  const end = () => resolve(replyOf(STOPPED))
  if (ending.aborted) end()
  ending.addEventListener('abort', end)
  serving
    .catch((error: Error) => {
      log.warn({ reason: error.message }, 'a call could not be made')
      return replyOf(error instanceof UncertainPutError ? UNCERTAIN : unavailable('Redis is away'))
    })
    .then(resolve)
    .finally(() => ending.removeEventListener('abort', end))
  return promise
}
