/** What goes back to a client: Telegram's JSON, or what a proxy or a broken line makes of it. */
import type { ServerResponse } from 'node:http'
import { BotApiError, tooManyRequests } from './bot-api-error.ts'
import type { Fault } from './faults.ts'
import { Described } from './methods/method.ts'

/** An answer before it is sent. `cut`: none, the connection is broken. */
export type Answer =
  | {
      kind: 'json'
      status: number
      body: string
      retryAfterSeconds?: number | undefined
      description?: string
    }
  | { kind: 'html'; status: number; body: string }
  | { kind: 'cut' }

/** The answer to a call that went well. */
export function success(result: unknown): Answer {
  const body =
    result instanceof Described
      ? { ok: true, result: result.result, description: result.description }
      : { ok: true, result }
  return { kind: 'json', status: 200, body: JSON.stringify(body) }
}

/** The answer to a refused call. */
export function refusal(error: BotApiError): Answer {
  const { code, message, parameters } = error
  return {
    kind: 'json',
    status: code,
    body: JSON.stringify({ ok: false, error_code: code, description: message, parameters }),
    retryAfterSeconds: parameters?.retry_after,
    description: message,
  }
}

/** The answer that a fault gives in place of the real one, undefined for a delay. */
export function faultAnswer(fault: Fault): Answer | undefined {
  switch (fault.kind) {
    case 'flood':
      return refusal(tooManyRequests(fault.retryAfterSeconds ?? 3))
    case 'flood-html':
      return html(fault.code ?? 429, 'Too Many Requests')
    case 'bad-gateway':
      return html(fault.code ?? 502, 'Bad Gateway')
    case 'server-error':
      return refusal(new BotApiError(fault.code ?? 500, fault.description ?? 'Internal Server Error'))
    case 'refuse':
      return refusal(
        new BotApiError(
          fault.code ?? 400,
          fault.description ?? 'Bad Request: refused by order',
          fault.parameters,
        ),
      )
    case 'hang-up':
      return { kind: 'cut' }
    case 'delay':
      return undefined
  }
}

/** Sends it. False where nobody was there any more. */
export function send(response: ServerResponse, answer: Answer): boolean {
  // Not the response's own socket: it has none while it waits behind another one of the same connection.
  const { socket } = response.req
  if (response.destroyed || socket.destroyed) return false
  if (answer.kind === 'cut') {
    socket.destroy()
    return true
  }
  const headers: Record<string, string | number> = {
    'content-type': answer.kind === 'json' ? 'application/json' : 'text/html',
    'content-length': Buffer.byteLength(answer.body),
  }
  if (answer.kind === 'json' && answer.retryAfterSeconds !== undefined) {
    headers['retry-after'] = answer.retryAfterSeconds
  }
  response.writeHead(answer.status, headers)
  response.end(answer.body)
  return true
}

function html(status: number, reason: string): Answer {
  const title = `${status} ${reason}`
  return {
    kind: 'html',
    status,
    body: `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx/1.18.0</center>\r\n</body>\r\n</html>\r\n`,
  }
}
