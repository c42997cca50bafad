/** The playground's HTTP: the page, its API and its stream of changes. */

import type { Log } from '@chatlane/runtime'
import { SimulatorError, type TelegramSimulator } from '@chatlane/simulators'
import { type FastifyError, type FastifyInstance, fastify } from 'fastify'
import { addApi } from './api.ts'
import { watchChanges } from './changes.ts'
import type { PlaygroundConfig } from './config.ts'
import { addFileRoutes } from './file-routes.ts'
import { addLiveStream } from './live-stream.ts'
import { addPageFiles } from './page-files.ts'
import { addPageSecurity } from './page-security.ts'

/** Five messages of four bytes a character, escaped. */
const MOST_BODY_BYTES = 256 * 1024

/** The server, not yet listening. */
export async function createServer(parts: {
  config: PlaygroundConfig
  telegram: TelegramSimulator
  log: Log
}): Promise<FastifyInstance> {
  const { config, telegram, log } = parts
  const server = fastify({
    logger: false,
    bodyLimit: MOST_BODY_BYTES,
    forceCloseConnections: true,
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false } },
  })
  const changes = watchChanges(telegram)
  server.addHook('onClose', async () => changes.close())
  server.setErrorHandler((error: FastifyError, _request, reply) => {
    const status = error instanceof SimulatorError ? 400 : (error.statusCode ?? 500)
    if (status >= 500) log.error({ err: error }, 'a request failed')
    return reply.code(status).send({ error: status >= 500 ? 'this went wrong here' : error.message })
  })
  addPageSecurity(server, config.host)
  addLiveStream(server, changes)
  addFileRoutes(server, telegram)
  addApi(server, { config, telegram, changes })
  await addPageFiles(server)
  return server
}
