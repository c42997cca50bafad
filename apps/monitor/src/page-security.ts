/** Keeps the pages to themselves: nothing is loaded from another host, nothing may frame or script them. */
import type { FastifyInstance } from 'fastify'

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  // Bull Board's interface sets styles from its script.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

const HEADERS = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
}

/** Adds the headers to every answer of `server`'s routes and takes foreign links out of its HTML. */
export function addPageSecurity(server: FastifyInstance): void {
  server.addHook('onRequest', async (request, reply) => {
    reply.headers(HEADERS)
    if (!request.url.startsWith('/static/')) reply.header('cache-control', 'no-store')
  })
  server.addHook('onSend', async (_request, reply, payload) => {
    const isHtml = String(reply.getHeader('content-type') ?? '').startsWith('text/html')
    return isHtml && typeof payload === 'string' ? withoutForeignLinks(payload) : payload
  })
}

/** `html` without the `<link>`s to other hosts: Bull Board asks Google for its fonts; the system's do as well. */
export function withoutForeignLinks(html: string): string {
  return html.replace(/<link\b[^>]*\bhref=["']?(?:https?:)?\/\/[^>]*>\s*/gi, '')
}
