/** Which request goes where, and what an account is told about itself. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { generationShape } from './completion-shapes.ts'
import { type CompletionsContext, complete } from './completions.ts'
import { control } from './control.ts'
import { sendError, sendJson } from './error-answer.ts'
import { FAULT_PRESETS } from './fault-presets.ts'
import { transcribe } from './transcriptions.ts'

const MAX_BODY_BYTES = 32 * 1024 * 1024

/** One HTTP request and what it is answered from. */
export interface Served {
  request: IncomingMessage
  response: ServerResponse
  context: CompletionsContext
  creditsUsd: number
}

/** Answers one HTTP request; rejects only for a mistake of the simulator or of an `answers` function. */
export async function serve({ request, response, context, creditsUsd }: Served): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://simulator')
  const body = await readBody(request)
  if (body === 'gone') return
  if (body === 'malformed') return sendError(response, FAULT_PRESETS.bad_request)
  if (url.pathname.startsWith('/sim/')) return control({ request, response, url, body: body.json }, context)
  const key = /^Bearer (.*)$/.exec(request.headers.authorization ?? '')?.[1] ?? ''
  const route = `${request.method} ${url.pathname.replace('/api/v1', '')}`
  if (route === 'POST /chat/completions')
    return complete(request, response, { body: body.json, key, context })
  if (route === 'POST /audio/transcriptions') return transcribe(response, { body: body.json, key, context })
  if (route === 'GET /models') return sendJson(response, 200, { data: context.catalog })
  if (!context.isKeyAccepted(key)) return sendError(response, FAULT_PRESETS.bad_key)
  answerAccount({ route, url, response, context, creditsUsd })
}

/** Shows a mistake as a 500 that names it. */
export function refuseBroken(response: ServerResponse, error: unknown): void {
  if (response.headersSent) response.destroy()
  else sendError(response, { kind: 'http', status: 500, error: { message: String(error) } })
}

function answerAccount({ route, url, response, context, creditsUsd }: Account): void {
  const spentUsd = context.journal.ledger().costUsd
  const record = context.journal.find(url.searchParams.get('id') ?? '')
  if (route === 'GET /credits') {
    sendJson(response, 200, { data: { total_credits: creditsUsd, total_usage: spentUsd } })
  } else if (route === 'GET /key') {
    sendJson(response, 200, { data: keyShape(creditsUsd, spentUsd) })
  } else if (route === 'GET /generation' && record && record.state !== 'running') {
    sendJson(response, 200, { data: generationShape(record) })
  } else {
    sendError(response, { kind: 'http', status: 404, error: { code: 404, message: 'Not Found' } })
  }
}

interface Account {
  route: string
  url: URL
  response: ServerResponse
  context: CompletionsContext
  creditsUsd: number
}

function keyShape(limitUsd: number, spentUsd: number) {
  return {
    label: 'sk-or-v1-sim...ulated',
    limit: limitUsd,
    limit_remaining: limitUsd - spentUsd,
    limit_reset: null,
    usage: spentUsd,
    usage_daily: spentUsd,
    usage_weekly: spentUsd,
    usage_monthly: spentUsd,
    is_free_tier: false,
    is_provisioning_key: false,
    rate_limit: { requests: -1, interval: '10s' },
  }
}

async function readBody(request: IncomingMessage): Promise<{ json: unknown } | 'malformed' | 'gone'> {
  const parts: Buffer[] = []
  let bytes = 0
  try {
    for await (const part of request) {
      bytes += part.length
      if (bytes > MAX_BODY_BYTES) return 'malformed'
      parts.push(part)
    }
  } catch {
    return 'gone'
  }
  if (bytes === 0) return { json: undefined }
  try {
    return { json: JSON.parse(Buffer.concat(parts).toString()) }
  } catch {
    return 'malformed'
  }
}
