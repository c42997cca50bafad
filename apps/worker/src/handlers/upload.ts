/** A call with files, made by the process that holds them. */
import { buffer } from 'node:stream/consumers'
import { type CallOutcome, classifyRefusal } from '@chatlane/telegram'

/** A stream can be read once, and an upload may have to be made again: streams in `payload` become buffers, in place. */
export async function holdFiles(payload: Record<string, unknown>): Promise<void> {
  const hold = async (value: unknown): Promise<void> => {
    if (!isPlain(value)) return
    if (isStream(value.source)) value.source = await buffer(value.source)
    else await Promise.all(Object.values(value).map(hold))
  }
  await hold(payload)
}

/** Of Node, or of a package that writes streams of its own. */
function isStream(value: unknown): value is NodeJS.ReadableStream {
  return typeof (value as { pipe?: unknown } | null | undefined)?.pipe === 'function'
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  return Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype
}

interface TelegramRefusal {
  response?: {
    error_code?: unknown
    description?: unknown
    parameters?: { retry_after?: number; migrate_to_chat_id?: number }
  }
  code?: unknown
  name?: unknown
}

/** Errors of a connection that never came about: surely nothing was sent. */
const NOT_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'])

/** Makes the call and tells what became of it, from what Telegraf's client returns or throws. Never rejects. */
export async function outcomeOfUpload(direct: () => Promise<unknown>): Promise<CallOutcome<unknown>> {
  try {
    return { kind: 'ok', result: await direct() }
  } catch (error) {
    return outcomeOf(error as TelegramRefusal)
  }
}

function outcomeOf({ response, code, name }: TelegramRefusal): CallOutcome<unknown> {
  const status = response?.error_code
  if (typeof status !== 'number') {
    const detail = typeof code === 'string' ? code : 'upload failed'
    // Telegraf's client has no code for an answer that broke off, or that no Bot API gave: it may have been done.
    const isAnswerLost = code === undefined && name === 'FetchError'
    // A file that can't be read is no news from Telegram: who made the call is to hear of it.
    if (code === 'ENOENT' || code === 'EACCES' || (code === undefined && !isAnswerLost)) {
      return { kind: 'refused', code: 400, description: `Bad Request: ${detail}`, reason: 'other' }
    }
    return { kind: NOT_SENT.has(detail) ? 'not-sent' : 'unknown', detail }
  }
  if (status === 429) return { kind: 'flood', retryAfterMs: (response?.parameters?.retry_after ?? 5) * 1000 }
  if (status >= 500) return { kind: 'server-error', status }
  const description = String(response?.description ?? '')
  const migrateToChatId = response?.parameters?.migrate_to_chat_id
  return {
    kind: 'refused',
    code: status,
    description,
    reason: classifyRefusal(status, description, response?.parameters as never),
    ...(migrateToChatId !== undefined && { migrateToChatId }),
  }
}
