/** The HTTP server: which request goes where. Plain node:http: a route is two patterns, and bodies are read by hand. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { refusal, send } from './answer.ts'
import type { BotApi } from './bot-api.ts'
import { BotApiError } from './bot-api-error.ts'
import type { ControlRoutes } from './control-routes.ts'
import { serveFile } from './downloads.ts'
import type { World } from './world.ts'

const METHOD_PATH = /^\/bot([^/]+)\/([^/?]+)\/?(?:\?(.*))?$/
const FILE_PATH = /^\/file\/bot([^/]+)\/([^?]+)/
const KEPT_OPEN_MS = 75_000

/** What the server hands requests to. */
export interface ServerParts {
  world: World
  botApi: BotApi
  controls: ControlRoutes
}

/** Listens; rejects where it can't. */
export async function listen(parts: ServerParts): Promise<Server> {
  const server = createServer({ keepAliveTimeout: KEPT_OPEN_MS }, (request, response) =>
    route(parts, request, response),
  )
  const { host, port } = parts.world.settings
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen(port, host, resolve)
  await promise
  return server
}

/** Cuts all connections and stops. */
export async function closeServer(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  server.close(() => resolve())
  server.closeAllConnections()
  await promise
}

function route(
  { world, botApi, controls }: ServerParts,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const url = request.url ?? '/'
  const called = METHOD_PATH.exec(url)
  if (called !== null) {
    const token = decode(called[1] as string)
    void botApi.handle(request, response, { token, method: called[2] as string, query: called[3] ?? '' })
    return
  }
  if (url.startsWith('/sim/')) {
    void controls.handle(request, response, new URL(url, 'http://simulator'))
    return
  }
  const file = FILE_PATH.exec(url)
  if (file !== null)
    serveFile(world, response, { token: decode(file[1] as string), path: decode(file[2] as string) })
  else send(response, refusal(new BotApiError(404, 'Not Found')))
}

function decode(part: string): string {
  if (!part.includes('%')) return part
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
