/** Serves the files in messages. They come from anybody: what the browser might run is only ever downloaded. */
import type { TelegramSimulator } from '@chatlane/simulators'
import type { FastifyInstance } from 'fastify'

const PARAMS = {
  type: 'object',
  properties: { fileId: { type: 'string', pattern: '^[\\w-]{1,200}$' } },
  required: ['fileId'],
}

/** How files begin that a browser shows or plays, and as what; the name and the stated type may lie. */
const TYPES: [beginning: RegExp, type: string][] = [
  [/^\x89PNG/, 'image/png'],
  [/^\xff\xd8\xff/, 'image/jpeg'],
  [/^GIF8/, 'image/gif'],
  [/^RIFF[\s\S]{4}WEBP/, 'image/webp'],
  [/^OggS/, 'audio/ogg'],
  [/^ID3|^\xff[\xf2\xf3\xfb]/, 'audio/mpeg'],
  [/^[\s\S]{4}ftypM4A/, 'audio/mp4'],
]

/** Adds `GET /api/files/<fileId>`; 404 for what is unknown or was forgotten. */
export function addFileRoutes(server: FastifyInstance, telegram: TelegramSimulator): void {
  server.get<{ Params: { fileId: string } }>(
    '/api/files/:fileId',
    { schema: { params: PARAMS } },
    async ({ params }, reply) => {
      const file = telegram.file(params.fileId)
      if (file === undefined) return reply.code(404).send({ error: 'there is no such file' })
      const beginning = file.bytes.toString('latin1', 0, 16)
      const type = TYPES.find(([form]) => form.test(beginning))?.[1]
      if (type === undefined) {
        const name = encodeURIComponent(file.fileName).replaceAll("'", '%27')
        reply.header('content-disposition', `attachment; filename*=UTF-8''${name}`)
      }
      return reply.type(type ?? 'application/octet-stream').send(file.bytes)
    },
  )
}
