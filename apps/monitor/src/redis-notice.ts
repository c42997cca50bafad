/** Says that Redis is away instead of leaving a request without an answer. */
import type { RedisHealth } from '@chatlane/runtime'
import type { FastifyInstance } from 'fastify'

const NOTICE = 'Redis is away. Nothing is known of the queues until it is back.'

/** Answered with 503: what was asked for is only known by Redis, which does not answer. */
export class RedisAwayError extends Error {
  readonly code = 'REDIS_AWAY'
  readonly statusCode = 503

  constructor() {
    super(NOTICE)
    this.name = 'RedisAwayError'
  }
}

/** While Redis is away, answers 503 to what `server` would ask it: a page that tries again, or what Bull Board shows. */
export function addRedisNotice(server: FastifyInstance, health: RedisHealth): void {
  server.addHook('onRequest', async (request, reply) => {
    if (health.state() !== 'away' || request.url.startsWith('/static/')) return
    reply.code(503).header('retry-after', 5)
    if (/^\/(?:api|broadcasts)\b/.test(request.url)) return reply.send({ error: NOTICE })
    return reply.type('text/html; charset=utf-8').send(PAGE)
  })
}

const PAGE = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="refresh" content="5">
<title>Redis is away</title>
<style>body { font: 1.1rem system-ui, sans-serif; display: grid; place-content: center; min-height: 90vh }</style>
</head>
<body><main><h1>Redis is away</h1><p>Nothing is known of the queues until it is back.</p><p>This page tries again every 5 seconds.</p></main></body>
</html>
`
