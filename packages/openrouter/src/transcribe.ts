/** Turns speech into text (https://openrouter.ai/docs/guides/overview/multimodal/stt). */
import type OpenAI from 'openai'
import { type Fault, faultOf, faultWith } from './faults.ts'

/** Sound to be written down. */
export interface TranscriptionRequest {
  model: string
  bytes: Buffer
  /** Such as `ogg`, `mp3`, `m4a`, `wav`. */
  format: string
  /** A stable name of the user, already hashed. */
  user?: string
}

/** How a request ended. */
export type TranscriptionOutcome =
  | {
      kind: 'transcribed'
      /** '' where nobody speaks. */
      text: string
      costUsd: number
    }
  | { kind: 'aborted' }
  | { kind: 'failed'; fault: Fault }

/** OpenRouter gives up after 60 s itself. */
const TIMEOUT_MS = 70_000

/** Asks once. Never rejects. */
export async function transcribe(
  request: TranscriptionRequest,
  { client, signal }: { client: OpenAI; signal?: AbortSignal | undefined },
): Promise<TranscriptionOutcome> {
  const { model, bytes, format, user } = request
  const body = {
    model,
    input_audio: { data: bytes.toString('base64'), format },
    ...(user !== undefined && { user }),
  }
  try {
    const answered = await client.post<{ text?: unknown; usage?: { cost?: unknown } | null }>(
      '/audio/transcriptions',
      { body, timeout: TIMEOUT_MS, ...(signal && { signal }) },
    )
    const { text, usage } = answered
    if (typeof text !== 'string') return { kind: 'failed', fault: faultWith('broken_stream', 'no text') }
    return {
      kind: 'transcribed',
      text: text.trim(),
      costUsd: typeof usage?.cost === 'number' ? usage.cost : 0,
    }
  } catch (error) {
    return signal?.aborted ? { kind: 'aborted' } : { kind: 'failed', fault: faultOf(error) }
  }
}
