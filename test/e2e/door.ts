/** The gateway's door shaped like the Bot API, as other services use it. */
import type { ServiceProcess } from './service-process.ts'
import { type Stack, TOKEN } from './stack.ts'
import { WEBHOOK_ENVIRONMENT } from './webhook.ts'

/** What a call was answered. */
export interface Answered {
  status: number
  headers: Headers
  body: { ok: boolean; result?: unknown; error_code?: number; description?: string; parameters?: unknown }
}

/** An open door. */
export interface Door {
  /** What a client takes as its API root. */
  url: string
  gateway: ServiceProcess
  /** Calls with JSON. */
  call(method: string, payload?: object, headers?: Record<string, string>): Promise<Answered>
}

/** Starts a gateway that leaves the bot's updates to others, with its door open. */
export async function openDoor(stack: Stack, environment: Record<string, string> = {}): Promise<Door> {
  const gateway = await stack.start('gateway', { ...WEBHOOK_ENVIRONMENT, API_PORT: '0', ...environment })
  const url = /"api":"([^"]+)"/.exec(gateway.lines.join())?.[1]
  if (!url) throw new Error('the gateway opened no door')
  return {
    url,
    gateway,
    call: (method, payload = {}, headers = {}) =>
      request(`${url}/bot${TOKEN}/${method}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(payload),
      }),
  }
}

/** Any request that is answered in the Bot API's form. */
export async function request(url: string, options?: RequestInit): Promise<Answered> {
  const answer = await fetch(url, options)
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Answered['body'] }
}

/** The id of the message that a call has posted. */
export function messageIdOf({ body }: Answered): number {
  return (body.result as { message_id: number }).message_id
}
