/** Serves files at `/file/bot<token>/<path>`. */
import type { ServerResponse } from 'node:http'
import { refusal, send } from './answer.ts'
import { BotApiError } from './bot-api-error.ts'
import type { World } from './world.ts'

/** Answers a download; 404 for an unknown token or path, as Telegram does. */
export function serveFile(
  world: World,
  response: ServerResponse,
  { token, path }: { token: string; path: string },
): void {
  const file = world.bots.has(token) ? world.files.findByPath(path) : undefined
  if (file === undefined) {
    send(response, refusal(new BotApiError(404, 'Not Found')))
    return
  }
  response.writeHead(200, {
    'content-type': 'application/octet-stream',
    'content-length': file.bytes.length,
  })
  response.end(file.bytes)
}
