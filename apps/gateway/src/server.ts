/** The gateway's HTTP: Telegram's webhook and the probes. */
import { addProbes, type Log, type RedisHealth } from '@chatlane/runtime'
import { secretMatches } from '@chatlane/telegram'
import { type FastifyInstance, fastify } from 'fastify'
import type { Admit } from './admission.ts'
import type { GatewayBot } from './config.ts'

const MOST_BYTES = 1024 * 1024
/** What Telegram is asked to wait before it tries again: it honours the header. */
const RETRY_AFTER_SECONDS = 2
/** Telegram keeps its connections open between updates. */
const KEEP_ALIVE_MS = 90_000

/** What the server needs. */
export interface ServerParts {
  bots: readonly GatewayBot[]
  admit: Admit
  /** How many calls of the Bot API this process has not answered yet. */
  apiCalls(): number
  health: RedisHealth
  log: Log
  /** Whether updates may come from an address. Undefined: from everywhere. */
  isSource: ((address: string) => boolean) | undefined
  /** Proxies that are believed when they say for whom they ask. */
  trustedProxies: readonly string[]
}

/** The server, not yet listening. */
export function createServer(parts: ServerParts): FastifyInstance {
  const { health, log } = parts
  const bots = new Map(parts.bots.map((bot) => [bot.id, bot]))
  const server = fastify({
    logger: false,
    bodyLimit: MOST_BYTES,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: 'idle',
    trustProxy: parts.trustedProxies.length > 0 && [...parts.trustedProxies],
  })
  let underWay = 0
  addProbes(server, {
    isReady: async () => (await health.ask()) !== 'away',
    holds: {
      chatlane_gateway_updates: {
        help: 'Updates that this process has not answered yet',
        value: () => underWay,
      },
      chatlane_gateway_api_calls: {
        help: 'Calls of the Bot API that this process has not answered yet',
        value: parts.apiCalls,
      },
    },
  })
  // The body is kept as it came: what is stored is what Telegram sent.
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body))
  server.setErrorHandler<Error & { statusCode?: number }>((error, _request, reply) => {
    const status = error.statusCode ?? 500
    if (status >= 500) log.error({ err: error }, 'a request failed')
    return reply.code(status).send({ error: status >= 500 ? 'internal error' : error.message })
  })
  server.post<{ Params: { bot: string }; Body: string }>(
    '/telegram/:bot',
    {
      // Before the body is read: who may not speak is not listened to.
      onRequest: async (request, reply) => {
        if (parts.isSource && !parts.isSource(request.ip))
          return reply.code(403).send({ error: 'updates are not taken from this address' })
        const bot = bots.get(request.params.bot)
        if (!bot) return reply.code(404).send({ error: 'unknown bot' })
        if (!secretMatches(bot.secret, [request.headers['x-telegram-bot-api-secret-token']].flat()[0])) {
          return reply.code(401).send({ error: 'wrong or missing secret' })
        }
      },
    },
    async (request, reply) => {
      const json = readJson(request.body)
      if (!json) return reply.code(400).send({ error: 'not JSON' })
      underWay++
      try {
        const admitted = await parts.admit(request.params.bot, json)
        if (admitted.kind === 'not-an-update') return reply.code(400).send({ error: admitted.problem })
        if (admitted.kind === 'closed') return unavailable(reply)
        return reply.code(200).send({ ok: true })
      } catch (error) {
        log.warn({ reason: (error as Error).message }, 'an update could not be stored')
        return unavailable(reply)
      } finally {
        underWay--
      }
    },
  )
  return server
}

function readJson(body: string): { value: unknown; json: string } | undefined {
  try {
    return { value: JSON.parse(body), json: body }
  } catch {
    return undefined
  }
}

function unavailable(reply: {
  code(status: number): { header(name: string, value: number): { send(body: object): unknown } }
}) {
  return reply
    .code(503)
    .header('retry-after', RETRY_AFTER_SECONDS)
    .send({ error: 'no room, or Redis is away' })
}
