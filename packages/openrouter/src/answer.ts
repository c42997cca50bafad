/** Streams one answer and tells apart the ways in which it can end. */
import type OpenAI from 'openai'
import type { ChatCompletionCreateParamsStreaming } from 'openai/resources/chat/completions'
import { complaintOf } from './complaint.ts'
import { type Fault, faultOf, faultOfComplaint, faultWith } from './faults.ts'
import { IdleWatchdog } from './idle-watchdog.ts'
import type { AnswerOutcome, AnswerRequest, AnswerWatch } from './outcome.ts'
import { speaksOfReasoningTags } from './reasoning-filter.ts'
import { type StreamChunk, Transcript } from './transcript.ts'

/** After the finish reason only the usage is missing: not worth the whole idle time. */
const USAGE_WITHIN_MS = 3000
const MAX_UNSTREAMED_BYTES = 64 * 1024

/**
 * Asks for an answer and follows it to its end. Never throws for what OpenRouter, the network or the caller's signal do;
 * throws only what a callback of `watch` threw.
 */
export async function answer(
  request: AnswerRequest,
  { client, idleTimeoutMs, watch }: { client: OpenAI; idleTimeoutMs: number; watch: AnswerWatch },
): Promise<AnswerOutcome> {
  const transcript = new Transcript(watch, { mayBeginWithTags: isAboutTags(request) })
  if (watch.signal?.aborted) return { kind: 'aborted', ...transcript.unfinished() }
  const closing = new AbortController()
  let isHung = false
  const watchdog = new IdleWatchdog({
    idleMs: idleTimeoutMs,
    onIdle: () => {
      isHung = true
      closing.abort()
    },
  })
  const close = () => closing.abort()
  watch.signal?.addEventListener('abort', close, { once: true })
  let failure: Fault | undefined
  try {
    failure = await follow({ request, client, transcript, watchdog, signal: closing.signal })
  } catch (error) {
    if (transcript.callbackError) throw transcript.callbackError.thrown
    failure = faultOf(error)
  } finally {
    watchdog.stop()
    watch.signal?.removeEventListener('abort', close)
    // A stream that nobody reads would keep its connection until it is garbage.
    closing.abort()
  }
  if (watch.signal?.aborted) return { kind: 'aborted', ...transcript.unfinished() }
  // The openai package ends an aborted stream silently: only the flag tells a hung answer from a whole one.
  if (isHung) failure = faultWith('hung', `nothing came for ${idleTimeoutMs} ms`)
  return transcript.conclude(failure)
}

async function follow(call: {
  request: AnswerRequest
  client: OpenAI
  transcript: Transcript
  watchdog: IdleWatchdog
  signal: AbortSignal
}): Promise<Fault | undefined> {
  const { request, client, transcript, watchdog, signal } = call
  const { data, response } = await client.chat.completions.create(bodyOf(request), { signal }).withResponse()
  const generationId = response.headers.get('x-generation-id')
  if (generationId) transcript.nameGeneration(generationId)
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) {
    return faultOfUnstreamed(await readStart(response))
  }
  for await (const chunk of data as unknown as AsyncIterable<StreamChunk>) {
    const brought = transcript.take(chunk)
    if (brought === 'end') watchdog.hurry(USAGE_WITHIN_MS)
    else if (brought === 'progress') watchdog.noteActivity()
  }
  return undefined
}

/** Whether the question's own text, or the answer so far, holds tags of thoughts: the answer may repeat them. */
function isAboutTags({ messages }: AnswerRequest): boolean {
  const newest = messages.slice(messages.at(-1)?.role === 'assistant' ? -2 : -1)
  const texts = newest.flatMap(({ content }) =>
    typeof content === 'string' ? [content] : content.map((part) => ('text' in part ? part.text : '')),
  )
  return texts.some(speaksOfReasoningTags)
}

/** What OpenAI's type does not know passes through untouched. */
function bodyOf(request: AnswerRequest): ChatCompletionCreateParamsStreaming {
  const body = {
    model: request.model,
    ...(request.fallbackModels?.length && { models: request.fallbackModels }),
    messages: request.messages,
    stream: true,
    ...(request.maxTokens !== undefined && { max_completion_tokens: request.maxTokens }),
    ...(request.user !== undefined && { user: request.user }),
    ...(request.sessionId !== undefined && { session_id: request.sessionId }),
    ...(request.pdfEngine && { plugins: [{ id: 'file-parser', pdf: { engine: request.pdfEngine } }] }),
    ...(request.modalities && { modalities: request.modalities }),
  }
  return body as unknown as ChatCompletionCreateParamsStreaming
}

/** A 200 that is no stream: OpenRouter's `{ error }`, or something in between that is not OpenRouter. */
function faultOfUnstreamed(text: string): Fault {
  try {
    const { error } = JSON.parse(text) as { error?: unknown }
    if (error) return faultOfComplaint(complaintOf(error))
  } catch {
    // Not JSON: said below.
  }
  return faultWith('broken_stream', 'status 200, but not a stream')
}

async function readStart(response: Response): Promise<string> {
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of response.body ?? []) {
    parts.push(part)
    bytes += part.length
    if (bytes > MAX_UNSTREAMED_BYTES) break
  }
  return Buffer.concat(parts).toString()
}
