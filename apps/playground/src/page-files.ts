/** Serves the page's own files: what lies in `page`, as it was at the start, and nothing else. */
import { readdir, readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import type { FastifyInstance } from 'fastify'

const FOLDER = new URL('./page/', import.meta.url)
const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** Adds `/` and a route for each file. */
export async function addPageFiles(server: FastifyInstance): Promise<void> {
  for (const name of await readdir(FOLDER)) {
    const type = TYPES[extname(name)]
    if (type === undefined) continue
    const bytes = await readFile(new URL(name, FOLDER))
    server.get(name === 'index.html' ? '/' : `/${name}`, async (_request, reply) =>
      reply.type(type).send(bytes),
    )
  }
}
