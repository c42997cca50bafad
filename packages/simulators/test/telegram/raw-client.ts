/** A simulator for one test, and raw calls to it. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import {
  createTelegramSimulator,
  type TelegramSimulator,
  type TelegramSimulatorOptions,
  type Update,
} from '../../src/index.ts'

export const TOKEN = '700:secret'

/** Starts a simulator with one bot, users 5 and 6, and closes it with the test. */
export async function startSimulator(options: TelegramSimulatorOptions = {}): Promise<TelegramSimulator> {
  const simulator = await createTelegramSimulator({
    bots: [{ token: TOKEN, username: 'lane_bot', firstName: 'Lane' }],
    ...options,
  })
  onTestFinished(() => simulator.close())
  simulator.phone.createUser({ id: 5, firstName: 'Ann', languageCode: 'de' })
  simulator.phone.createUser({ id: 6, firstName: 'Ben' })
  return simulator
}

/** What Telegram answers. */
export interface Answer {
  ok: boolean
  // biome-ignore lint/suspicious/noExplicitAny: the tests look into results of all shapes.
  result: any
  error_code?: number
  description?: string
  parameters?: { retry_after?: number; migrate_to_chat_id?: number }
}

/** Calls a method with JSON. */
export async function call(
  simulator: TelegramSimulator,
  method: string,
  params: object = {},
): Promise<Answer> {
  return (await request(simulator, method, params)).json() as Promise<Answer>
}

/** Calls a method with JSON and gives the whole HTTP answer. */
export function request(
  simulator: TelegramSimulator,
  method: string,
  params: object = {},
): Promise<Response> {
  return fetch(`${simulator.url}/bot${TOKEN}/${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(params),
  })
}

/** Sends a text to a chat. */
export function say(
  simulator: TelegramSimulator,
  chatId: number,
  text: string,
  more: object = {},
): Promise<Answer> {
  return call(simulator, 'sendMessage', { chat_id: chatId, text, ...more })
}

/** Takes the updates that wait, in order; `allowed` asks for their kinds from now on. */
export async function updates(
  simulator: TelegramSimulator,
  allowed?: readonly string[],
): Promise<Record<string, unknown>[]> {
  const params = allowed === undefined ? {} : { allowed_updates: allowed }
  const { result } = await call(simulator, 'getUpdates', params)
  await call(simulator, 'getUpdates', { offset: (result.at(-1)?.update_id ?? 0) + 1, limit: 1 })
  return result
}

/** A gateway that notes what it is sent and answers as `respond` says (200 without). */
export async function startGateway(
  respond: (update: Update, response: ServerResponse, request: IncomingMessage) => void = (_, response) =>
    response.end(),
): Promise<{ url: string; got: Update[]; headers: IncomingMessage['headers'][]; server: Server }> {
  const got: Update[] = []
  const headers: IncomingMessage['headers'][] = []
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const update = JSON.parse(Buffer.concat(chunks).toString()) as Update
      got.push(update)
      headers.push(incoming.headers)
      respond(update, response, incoming)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, got, headers, server }
}
