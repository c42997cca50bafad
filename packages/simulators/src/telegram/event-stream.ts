/** Events for pages: server-sent events at `GET /sim/events`. */
import type { ServerResponse } from 'node:http'
import type { EventHub } from './event-hub.ts'
import type { SimulatorEvent } from './events.ts'

/** A page that has so much unread is cut off: memory stays bounded. */
const MOST_UNREAD_BYTES = 8 * 1024 * 1024

/** Streams events until the page goes away; `types` (comma-separated), `chat` and `bot` narrow them. */
export function streamEvents(events: EventHub, response: ServerResponse, query: URLSearchParams): void {
  const types = new Set(query.get('types')?.split(','))
  const chat = query.get('chat')
  const bot = query.get('bot')
  const isWanted = (event: SimulatorEvent) =>
    (types.size === 0 || types.has(event.type)) &&
    (chat === null || String('chatId' in event ? event.chatId : '') === chat) &&
    (bot === null || String(event.botId) === bot)
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
  response.write(': connected\n\n')
  const stop = events.on('*', (event) => {
    if (!isWanted(event)) return
    response.write(`id: ${event.seq}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
    if (response.writableLength > MOST_UNREAD_BYTES) response.destroy()
  })
  response.on('close', stop)
}
