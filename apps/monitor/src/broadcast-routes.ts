/** Broadcasts over HTTP: made, counted, stopped, sent again to whom they may not have reached. */
import { type Audience, type BroadcastStatus, type Broadcasts, ChatIdError } from '@chatlane/lanes'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { readOrder } from './broadcast-order.ts'
import type { MonitorConfig } from './config.ts'

/** What the routes need. */
export interface BroadcastRoutesParts {
  config: Pick<MonitorConfig, 'password' | 'write' | 'botIds'>
  broadcasts: Broadcasts
  audience: Audience
}

/** A list of millions of ids. */
const ORDER_MAX_BYTES = 32 * 1024 * 1024
/** It is read and kept within this. */
const ORDER_WITHIN_MS = 60_000
/** A route's `:id`. */
interface Named {
  Params: { id: string }
}

/** Adds `/broadcasts` to `server`. Whatever sends asks for a password that is set and MONITOR_WRITE=true. */
export function addBroadcasts(server: FastifyInstance, parts: BroadcastRoutesParts): void {
  const { config, broadcasts, audience } = parts
  server.addHook('onRequest', refuseForeignPages)
  const mayWrite = { onRequest: refuseWithout(config) }
  takeJsonOnly(server)

  server.post(
    '/broadcasts',
    { ...mayWrite, bodyLimit: ORDER_MAX_BYTES, handlerTimeout: ORDER_WITHIN_MS },
    async (request, reply) => {
      const read = readOrder(request.body, config.botIds)
      if (read.kind === 'wrong') return reply.code(400).send({ error: read.error })
      const { botId } = read.order
      if (read.order.audience === 'all' && (await audience.size(botId)) === 0)
        return reply.code(409).send({ error: `bot ${botId} knows no chats yet` })
      try {
        return reply.code(202).send(shown(await broadcasts.create(read.order)))
      } catch (error) {
        if (error instanceof ChatIdError) return reply.code(400).send({ error: error.message })
        throw error
      }
    },
  )

  server.get<{ Querystring: { bot?: string } }>('/broadcasts', async (request, reply) => {
    const { bot } = request.query
    if (bot !== undefined && !/^\d{1,20}$/.test(bot))
      return reply.code(400).send({ error: 'bot: expected the id of a bot' })
    const lists = await Promise.all((bot === undefined ? config.botIds : [bot]).map(broadcasts.list))
    return { broadcasts: lists.flat().map(shown) }
  })

  server.get<Named>('/broadcasts/:id', async ({ params }, reply) =>
    answer(reply, await broadcasts.status(params.id)),
  )

  server.get<Named>('/broadcasts/:id/unknown', async ({ params }, reply) => {
    if (!(await broadcasts.status(params.id))) return answer(reply, undefined)
    const chats: number[] = []
    for await (const portion of broadcasts.unknowns(params.id))
      for (const chat of portion) chats.push(Number(chat))
    return { chats }
  })

  server.post<Named>('/broadcasts/:id/stop', mayWrite, async ({ params }, reply) =>
    answer(reply, await broadcasts.stop(params.id)),
  )

  server.post<Named>('/broadcasts/:id/resume', mayWrite, async ({ params }, reply) =>
    answer(reply, await broadcasts.resume(params.id)),
  )

  server.post<Named>('/broadcasts/:id/resend', mayWrite, async ({ params }, reply) => {
    const { id } = params
    if (!(await broadcasts.status(id))) return answer(reply, undefined)
    const resent = await broadcasts.resendUnknown(id)
    switch (resent.kind) {
      case 'created':
        return reply.code(202).send(shown(resent.broadcast))
      case 'nobody':
        return reply.code(409).send({ error: `nobody in ${id} is unknown` })
      case 'running':
        return reply.code(409).send({ error: `${id} has not ended yet` })
      case 'early':
        return reply
          .code(409)
          .header('retry-after', Math.ceil(resent.ms / 1000))
          .send({ error: 'answers may still come' })
      case 'resent':
        return reply.code(409).send({ error: `that was done already, as ${resent.as}` })
    }
  })
}

function answer(reply: FastifyReply, status: BroadcastStatus | undefined) {
  return status ? reply.send(shown(status)) : reply.code(404).send({ error: 'there is no such broadcast' })
}

function shown({ botId, createdAtMs, endedAtMs, audience, ...status }: BroadcastStatus) {
  return {
    ...status,
    bot: botId,
    to: audience,
    createdAt: new Date(createdAtMs).toISOString(),
    ...(endedAtMs !== undefined && { endedAt: new Date(endedAtMs).toISOString() }),
  }
}

/** A page of another site can send no JSON without asking first, so anything else is refused as what it may be. */
function takeJsonOnly(server: FastifyInstance): void {
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, body === '' ? {} : JSON.parse(String(body)))
    } catch {
      done(Object.assign(new Error('expected JSON'), { statusCode: 400 }))
    }
  })
  server.addHook('preParsing', async (request, reply) => {
    if (request.method !== 'POST' || /^application\/json\b/i.test(request.headers['content-type'] ?? ''))
      return
    return reply.code(415).send({ error: 'expected the content type application/json' })
  })
  server.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const code = error.statusCode ?? 500
    return reply.code(code).send({ error: code < 500 || code === 503 ? error.message : 'that did not work' })
  })
}

/** The door knows who else is there by the origin; a browser that tells the site without it is believed, too. */
async function refuseForeignPages(request: FastifyRequest, reply: FastifyReply) {
  const site = request.headers['sec-fetch-site']
  if (site === undefined || site === 'same-origin' || site === 'none') return
  return reply.code(403).send({ error: 'a request of another site' })
}

function refuseWithout({ password, write }: Pick<MonitorConfig, 'password' | 'write'>) {
  return async (_request: FastifyRequest, reply: FastifyReply) => {
    if (!password) return reply.code(403).send({ error: 'broadcasts need MONITOR_PASSWORD to be set' })
    if (!write) return reply.code(403).send({ error: 'broadcasts need MONITOR_WRITE=true' })
  }
}
