/** What the page asks of the server: who there is, what was said, and to say something. */
import { randomUUID } from 'node:crypto'
import type { TelegramSimulator } from '@chatlane/simulators'
import type { FastifyInstance } from 'fastify'
import type { Changes } from './changes.ts'
import type { PlaygroundConfig } from './config.ts'
import { viewPerson } from './message-view.ts'
import { addPerson } from './telegram.ts'
import { hasChat, viewChats, viewOpenChat } from './views.ts'

/** What the routes stand on. */
export interface ApiParts {
  config: PlaygroundConfig
  telegram: TelegramSimulator
  changes: Changes
}

/** A request that can't be done as things are; `status` is its HTTP status. */
class RequestError extends Error {
  readonly code = 'request'
  readonly statusCode: number

  constructor(statusCode: number, message: string) {
    super(message)
    this.name = 'RequestError'
    this.statusCode = statusCode
  }
}

const MOST_PEOPLE = 50
/** Five of Telegram's messages: a client cuts what is longer than one. */
const MOST_TEXT = 20_480

const id = { type: 'integer', minimum: -(2 ** 52), maximum: 2 ** 52 }
const text = { type: 'string', minLength: 1, maxLength: MOST_TEXT, pattern: '\\S' }
const object = (properties: Record<string, unknown>, required: string[]) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
})
const inChat = { params: object({ chatId: { type: 'string', pattern: '^-?\\d{1,16}$' } }, ['chatId']) }
const atMessage = {
  params: object(
    {
      chatId: { type: 'string', pattern: '^-?\\d{1,16}$' },
      messageId: { type: 'string', pattern: '^\\d{1,10}$' },
    },
    ['chatId', 'messageId'],
  ),
}

interface InChat {
  chatId: string
}
interface AtMessage extends InChat {
  messageId: string
}

/** Adds the routes under `/api`. */
export function addApi(server: FastifyInstance, parts: ApiParts): void {
  addReading(server, parts)
  addWriting(server, parts)
  addTouching(server, parts)
  addPeople(server, parts)
}

function addReading(server: FastifyInstance, { config, telegram, changes }: ApiParts): void {
  // A page that outlives the server learns by it that everything is new.
  const run = randomUUID()
  server.get('/api/state', async () => {
    const { bots, users } = telegram.state()
    return {
      run,
      bot: bots[0] && { ...viewPerson(bots[0]), username: bots[0].username },
      model: config.model,
      ports: { gateway: config.gatewayPort, monitor: config.monitorPort },
      people: users.map(viewPerson),
      chats: viewChats(telegram, changes.seq()),
    }
  })
  server.get<{ Params: InChat }>('/api/chats/:chatId/messages', { schema: inChat }, async ({ params }) =>
    viewOpenChat(telegram, knownChat(telegram, params), changes.seq()),
  )
}

function addWriting(server: FastifyInstance, { telegram }: ApiParts): void {
  server.post<{ Params: InChat; Body: { from: number; text: string; replyTo?: number } }>(
    '/api/chats/:chatId/messages',
    { schema: { ...inChat, body: object({ from: id, text, replyTo: id }, ['from', 'text']) } },
    async ({ params, body }, reply) => {
      const chat = knownChat(telegram, params)
      const { from, replyTo } = body
      const sent = telegram.phone.sendLongText({ from, chat, text: body.text.trim(), replyTo })
      return reply.code(201).send({ messageIds: sent.map((message) => message.message_id) })
    },
  )
  server.patch<{ Params: AtMessage; Body: { from: number; text: string } }>(
    '/api/chats/:chatId/messages/:messageId',
    {
      schema: {
        ...atMessage,
        body: object({ from: id, text: { ...text, maxLength: 4096 } }, ['from', 'text']),
      },
    },
    async ({ params, body }) => {
      const where = {
        from: body.from,
        chat: knownChat(telegram, params),
        messageId: Number(params.messageId),
      }
      telegram.phone.editText({ ...where, text: body.text.trim() })
      return {}
    },
  )
}

/** What people do to the bot's messages. */
function addTouching(server: FastifyInstance, { telegram }: ApiParts): void {
  server.post<{ Params: AtMessage; Body: { from: number; data: string } }>(
    '/api/chats/:chatId/messages/:messageId/presses',
    {
      schema: {
        ...atMessage,
        body: object({ from: id, data: { ...text, maxLength: 64 } }, ['from', 'data']),
      },
    },
    async ({ params, body }) => ({
      queryId: telegram.phone.pressButton({
        from: body.from,
        chat: knownChat(telegram, params),
        messageId: Number(params.messageId),
        data: body.data,
      }),
    }),
  )
  server.post<{ Params: InChat; Body: { from: number; draftId: number } }>(
    '/api/chats/:chatId/stops',
    { schema: { ...inChat, body: object({ from: id, draftId: id }, ['from', 'draftId']) } },
    async ({ params, body }) => {
      const chat = knownChat(telegram, params)
      telegram.phone.stopGeneration({ from: body.from, chat, draftId: body.draftId })
      return {}
    },
  )
  server.delete<{ Params: AtMessage; Querystring: { from: string } }>(
    '/api/chats/:chatId/messages/:messageId',
    {
      schema: {
        ...atMessage,
        querystring: object({ from: { type: 'string', pattern: '^\\d{1,16}$' } }, ['from']),
      },
    },
    async ({ params, query }) => {
      const chat = knownChat(telegram, params)
      telegram.phone.deleteMessage({ from: Number(query.from), chat, messageId: Number(params.messageId) })
      return {}
    },
  )
}

function addPeople(server: FastifyInstance, { telegram, changes }: ApiParts): void {
  const name = { type: 'string', minLength: 1, maxLength: 64, pattern: '\\S' }
  const languageCode = { type: 'string', pattern: '^[a-z]{2,3}(-[A-Za-z]{2,8})?$' }
  server.post<{ Body: { name: string; languageCode: string } }>(
    '/api/people',
    { schema: { body: object({ name, languageCode }, ['name', 'languageCode']) } },
    async ({ body }, reply) => {
      if (telegram.state().users.length >= MOST_PEOPLE) {
        throw new RequestError(409, `there are ${MOST_PEOPLE} people already`)
      }
      const user = addPerson(telegram, { name: body.name.trim(), languageCode: body.languageCode })
      changes.tell({ kind: 'people' })
      return reply.code(201).send(viewPerson(user))
    },
  )
}

function knownChat(telegram: TelegramSimulator, { chatId }: InChat): number {
  const known = Number(chatId)
  if (!hasChat(telegram, known)) throw new RequestError(404, 'there is no such chat')
  return known
}
