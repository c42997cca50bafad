/** The controls over HTTP, under `/sim/`: for the playground's page and for tests of another process. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { BotApiError, SimulatorError } from './bot-api-error.ts'
import type { Controls } from './controls.ts'
import { streamEvents } from './event-stream.ts'
import type { Fault } from './faults.ts'
import type { BotOptions } from './options.ts'
import type { Phone } from './phone/phone.ts'
import { BodyError, readBody, readBytes } from './request-body.ts'
import type { World } from './world.ts'

type Json = Record<string, unknown>

/** Answers what comes under `/sim/`: 200 `{ result }`, 400 `{ error }`, 404. */
export class ControlRoutes {
  private readonly world: World
  private readonly controls: Controls

  constructor(world: World, controls: Controls) {
    this.world = world
    this.controls = controls
  }

  /** Never rejects. */
  async handle(request: IncomingMessage, response: ServerResponse, target: URL): Promise<void> {
    const name = target.pathname.slice('/sim/'.length)
    try {
      if (request.method === 'GET' && name === 'events') {
        streamEvents(this.world.events, response, target.searchParams)
        return
      }
      if (request.method === 'GET' && name === 'file') {
        this.serveFile(response, target.searchParams)
        return
      }
      const act = this.find(request.method ?? '', name, target.searchParams)
      if (act === undefined) answer(response, 404, { error: `there is no ${request.method} /sim/${name}` })
      else answer(response, 200, { result: act(await readControl(request)) ?? null })
    } catch (error) {
      const isMisuse =
        error instanceof SimulatorError || error instanceof BodyError || error instanceof BotApiError
      answer(response, isMisuse ? 400 : 500, {
        error: error instanceof Error ? error.message : String(error),
      })
    }
  }

  private find(verb: string, name: string, query: URLSearchParams): ((body: Json) => unknown) | undefined {
    const { controls } = this
    if (verb === 'POST' && Object.hasOwn(controls.phone, name)) {
      return controls.phone[name as keyof Phone] as (body: unknown) => unknown
    }
    const number = (field: string) => (query.has(field) ? Number(query.get(field)) : undefined)
    const acts: Record<string, (body: Json) => unknown> = {
      'GET ledger': () => controls.ledger(),
      'GET state': () => controls.state(),
      'GET chat': () => controls.chat({ chat: number('chat') ?? 0, bot: number('bot') }),
      'GET edits': () => controls.edits(number('chat') ?? 0, number('message') ?? 0, number('bot')),
      'GET faults': () => controls.faults(),
      'POST faults': (body) => controls.addFault(body as unknown as Fault),
      'DELETE faults': () => controls.removeFault(number('id')),
      'POST bots': (body) => controls.addBot(body as unknown as BotOptions),
      'POST limits': (body) => controls.setLimits(body),
      'POST deliveryFaults': (body) => controls.setDeliveryFaults(body),
      'POST redeliver': (body) => controls.redeliver(body as { bot?: number; updateId: number }),
    }
    return acts[`${verb} ${name}`]
  }

  private serveFile(response: ServerResponse, query: URLSearchParams): void {
    const file = this.world.files.find(query.get('fileId') ?? '')
    if (file === undefined) {
      answer(response, 404, { error: 'no such file' })
      return
    }
    // Never a type that a browser would run: files come from anybody.
    response.writeHead(200, {
      'content-type': /^(image|audio)\/(jpeg|png|webp|gif|ogg|mpeg)$/.test(file.mimeType ?? '')
        ? (file.mimeType as string)
        : 'application/octet-stream',
      'content-length': file.bytes.length,
      'x-content-type-options': 'nosniff',
    })
    response.end(file.bytes)
  }
}

/** The JSON of a control call. Other types are refused: a foreign web page could send them without asking. */
async function readControl(request: IncomingMessage): Promise<Json> {
  const bytes = await readBytes(request)
  const contentType = request.headers['content-type'] ?? ''
  if (request.method === 'POST' && !contentType.startsWith('application/json')) {
    throw new BodyError('the content type must be application/json')
  }
  return readBody(bytes, contentType).params
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  if (response.destroyed) return
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}
