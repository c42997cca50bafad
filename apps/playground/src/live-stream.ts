/** Sends changes to pages as server-sent events; a page that reconnects fetches everything again. */
import type { ServerResponse } from 'node:http'
import type { FastifyInstance } from 'fastify'
import type { Changes } from './changes.ts'

/** Pages that may be open at once. */
const MOST_PAGES = 100
/** A page that has so much unread is cut off: memory stays bounded. */
const MOST_UNREAD_BYTES = 8 * 1024 * 1024

/** Adds `GET /api/events`; the streams end with the server. */
export function addLiveStream(server: FastifyInstance, changes: Changes): void {
  const pages = new Set<ServerResponse>()
  server.get('/api/events', (_request, reply) => {
    if (pages.size >= MOST_PAGES) return reply.code(503).send({ error: 'too many pages are open' })
    reply.hijack()
    const { raw } = reply
    raw.writeHead(200, {
      ...(reply.getHeaders() as Record<string, string>),
      'content-type': 'text/event-stream; charset=utf-8',
    })
    // Where the server starts anew, its pages are back within a second.
    raw.write('retry: 1000\n\n')
    pages.add(raw)
    const stop = changes.listen((change) => {
      raw.write(`data: ${JSON.stringify(change)}\n\n`)
      if (raw.writableLength > MOST_UNREAD_BYTES) raw.destroy()
    })
    raw.once('close', () => {
      stop()
      pages.delete(raw)
    })
  })
  server.addHook('preClose', async () => {
    for (const page of pages) page.end()
  })
}
