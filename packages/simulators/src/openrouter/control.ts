/** `/sim/*`: faults, speed, records and events, for whoever drives the simulator from another process. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { CompletionsContext } from './completions.ts'
import { sendJson } from './error-answer.ts'
import type { OpenRouterFault } from './fault-list.ts'
import { readSpeed } from './options.ts'

/** One request to a control route; `body` is the parsed JSON, or undefined. */
export interface ControlRequest {
  request: IncomingMessage
  response: ServerResponse
  url: URL
  body: unknown
}

/** Answers a control request: 400 with `{ problem }` for what is malformed, 404 for what is not there. */
export function control(asked: ControlRequest, context: CompletionsContext): void {
  const route = `${asked.request.method} ${asked.url.pathname}`
  try {
    const answer = answerControl(route, asked, context)
    if (answer !== undefined) sendJson(asked.response, 200, answer)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    sendJson(asked.response, 400, { problem: error.message })
  }
}

function answerControl(route: string, asked: ControlRequest, context: CompletionsContext): unknown {
  const { faults, journal } = context
  switch (route) {
    case 'GET /sim/faults':
      return { faults: faults.list() }
    case 'POST /sim/faults':
      return {
        ids: asList(asked.body).map((fault) => faults.add(asRecord(fault) as unknown as OpenRouterFault)),
      }
    case 'DELETE /sim/faults':
      faults.clear(readId(asked.url))
      return { faults: faults.list() }
    case 'POST /sim/release':
      for (const line of context.lines) line.release()
      return { released: context.lines.size }
    case 'GET /sim/speed':
      return context.speed
    case 'POST /sim/speed':
      context.speed = { ...context.speed, ...readSpeed(asRecord(asked.body)) }
      return context.speed
    case 'POST /sim/answers':
      context.answers = readAnswers(asRecord(asked.body).answers)
      return { answers: context.answers }
    case 'GET /sim/requests':
      return { requests: journal.requests().slice(-Number(asked.url.searchParams.get('limit') ?? 1000)) }
    case 'DELETE /sim/requests':
      journal.forget()
      return { requests: [] }
    case 'GET /sim/ledger':
      return journal.ledger()
    case 'GET /sim/events':
      streamEvents(asked.response, context)
      return undefined
    default:
      sendJson(asked.response, 404, { problem: `no route ${route}` })
      return undefined
  }
}

/** Server-sent events: `data: {"type":…,"request":…}`. */
function streamEvents(response: ServerResponse, { journal }: CompletionsContext): void {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' })
  response.write(': listening\n\n')
  const unlisten = journal.listen((event) => response.write(`data: ${JSON.stringify(event)}\n\n`))
  response.once('close', unlisten)
}

function asList(body: unknown): unknown[] {
  return Array.isArray(body) ? body : [body]
}

function asRecord(body: unknown): Record<string, unknown> {
  if (body === null || typeof body !== 'object') throw new TypeError('a JSON object is expected')
  return body as Record<string, unknown>
}

function readId(url: URL): number | undefined {
  const id = url.searchParams.get('id')
  return id === null ? undefined : Number(id)
}

function readAnswers(value: unknown): 'hash' | 'echo' | 'chat' {
  if (value === 'hash' || value === 'echo' || value === 'chat') return value
  throw new TypeError('answers must be hash, echo or chat')
}
