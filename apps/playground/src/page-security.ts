/** Keeps the page to itself: it loads nothing from another host, and no foreign page may use it. */
import { isLoopback } from '@chatlane/runtime'
import type { FastifyInstance } from 'fastify'

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "media-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const HEADERS = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'cache-control': 'no-store',
}

/** Adds the headers to every answer and refuses requests of other sites. `host` is what the server listens on. */
export function addPageSecurity(server: FastifyInstance, host: string): void {
  server.addHook('onRequest', async (request, reply) => {
    reply.headers(HEADERS)
    const { origin } = request.headers
    if (origin !== undefined && !(URL.canParse(origin) && new URL(origin).host === request.host)) {
      return reply.code(403).send({ error: 'a request of another site' })
    }
    // A foreign site could point its own name at loopback (DNS rebinding); its name gives it away.
    if (isLoopback(host) && !isLoopback(request.hostname)) {
      return reply.code(403).send({ error: 'only this machine may look, as localhost' })
    }
  })
}
