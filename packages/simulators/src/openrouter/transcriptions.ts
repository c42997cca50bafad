/** `POST /audio/transcriptions`: speech to text. */
import type { ServerResponse } from 'node:http'
import type { CompletionsContext } from './completions.ts'
import { sendError, sendJson } from './error-answer.ts'
import type { HttpFault } from './fault-kinds.ts'
import { FAULT_PRESETS } from './fault-presets.ts'
import { countTokens } from './prompt.ts'

/** Models that write down speech. They are no part of the listing of chat models. */
const MODELS = new Set(['openai/whisper-1', 'openai/gpt-4o-transcribe', 'openai/gpt-4o-mini-transcribe'])
/** What whisper costs a minute (https://openrouter.ai/openai/whisper-1). */
const USD_PER_MINUTE = 0.006
/** A voice message of Telegram has about 24 kbit/s. */
const BYTES_PER_SECOND = 3000
const FORMATS = new Set(['wav', 'mp3', 'flac', 'm4a', 'ogg', 'webm', 'aac'])

/** Answers one request, or refuses it as OpenRouter does. */
export function transcribe(
  response: ServerResponse,
  { body, key, context }: { body: unknown; key: string; context: CompletionsContext },
): void {
  const { model, input_audio: audio } = (body ?? {}) as {
    model?: unknown
    input_audio?: { data?: unknown; format?: unknown }
  }
  const { data, format } = audio ?? {}
  if (typeof model !== 'string' || typeof data !== 'string' || typeof format !== 'string' || data === '') {
    sendError(response, FAULT_PRESETS.bad_request)
    return
  }
  const bytes = Buffer.from(data, 'base64')
  const refusal = refusalOf({ model, format, key }, context)
  if (refusal) {
    const { status } = refusal
    context.journal.noteTranscription({ model, format, bytes, status, text: '', costUsd: 0 })
    sendError(response, refusal)
    return
  }
  const text = context.transcripts({ model, format, bytes })
  const seconds = Math.max(1, Math.round(bytes.length / BYTES_PER_SECOND))
  const costUsd = Number(((seconds / 60) * USD_PER_MINUTE).toFixed(9))
  context.journal.noteTranscription({ model, format, bytes, status: 200, text, costUsd })
  const output_tokens = countTokens(text)
  sendJson(response, 200, {
    text,
    usage: { seconds, total_tokens: output_tokens, input_tokens: 0, output_tokens, cost: costUsd },
  })
}

function refusalOf(
  { model, format, key }: { model: string; format: string; key: string },
  context: CompletionsContext,
): HttpFault | undefined {
  if (!context.isKeyAccepted(key)) return FAULT_PRESETS.bad_key
  if (!context.hasCredits()) return FAULT_PRESETS.no_credits
  const met = context.faults.meet({ model, text: '' })
  if (met?.fault.kind === 'http') return met.fault
  if (!MODELS.has(model)) return invalid(`${model} is not a valid model ID`)
  return FORMATS.has(format) ? undefined : invalid(`Unsupported audio format ${format}`)
}

function invalid(message: string): HttpFault {
  return { kind: 'http', status: 400, error: { code: 400, message } }
}
