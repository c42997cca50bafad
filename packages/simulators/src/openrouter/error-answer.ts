/** Errors in OpenRouter's JSON shape. */
import type { ServerResponse } from 'node:http'
import type { ErrorBody, HttpFault } from './fault-kinds.ts'

/** Answers with an error and ends the response. */
export function sendError(response: ServerResponse, fault: HttpFault): void {
  const error: ErrorBody = {
    code: fault.status,
    message: fault.error?.message ?? `Simulated error ${fault.status}`,
    ...fault.error,
  }
  const body = fault.body ?? JSON.stringify({ error, user_id: 'user_simulated' })
  response.writeHead(fault.status, {
    'Content-Type': fault.body === undefined ? 'application/json' : 'text/html',
    ...(fault.retryAfterSeconds !== undefined && { 'Retry-After': String(fault.retryAfterSeconds) }),
    ...fault.headers,
  })
  response.end(body)
}

/** Answers with JSON and ends the response. */
export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' })
  response.end(JSON.stringify(body))
}
