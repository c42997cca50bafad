/** OpenRouter as the rest of the product sees it: answers, models, the key, and what something cost. */
import OpenAI from 'openai'
import { type Credits, type KeyState, readCredits, readGeneration, readKey } from './account.ts'
import { answer } from './answer.ts'
import { type Fault, faultOf } from './faults.ts'
import { type Model, readModels } from './models.ts'
import type { AnswerOutcome, AnswerRequest, AnswerWatch, Usage } from './outcome.ts'
import { type TranscriptionOutcome, type TranscriptionRequest, transcribe } from './transcribe.ts'

/** How OpenRouter is reached. */
export interface OpenRouterOptions {
  apiKey: string
  /** `/api/v1` included. */
  baseUrl: string
  /** A request that has brought nothing for so long is given up. Comment lines and empty events are nothing. */
  idleTimeoutMs: number
  /** What OpenRouter's rankings call the product. */
  appTitle?: string
  appUrl?: string
}

/** A question about the account, answered or not. */
export type Asked<T> = { kind: 'known'; value: T } | { kind: 'failed'; fault: Fault }

/** A client; it holds nothing that has to be closed. */
export interface OpenRouter {
  /** Never tries twice. Throws only what a callback of `watch` throws. */
  answer(request: AnswerRequest, watch?: AnswerWatch): Promise<AnswerOutcome>
  /** Writes down what is said in a sound. Never tries twice, never rejects. */
  transcribe(request: TranscriptionRequest, signal?: AbortSignal): Promise<TranscriptionOutcome>
  models(): Promise<Asked<Model[]>>
  key(): Promise<Asked<KeyState>>
  /** Only keys that manage an account may ask; others are refused. */
  credits(): Promise<Asked<Credits>>
  /** What a request cost that was aborted or broke; OpenRouter knows it some seconds after the end (404 before). */
  usageOf(generationId: string): Promise<Asked<Usage>>
}

/** Opens no connection by itself. */
export function createOpenRouter(options: OpenRouterOptions): OpenRouter {
  const { idleTimeoutMs } = options
  const client = createClient(options)
  const ask = async <T>(path: string, read: (body: unknown) => T): Promise<Asked<T>> => {
    try {
      return { kind: 'known', value: read(await client.get(path)) }
    } catch (error) {
      return { kind: 'failed', fault: faultOf(error) }
    }
  }
  return {
    answer: (request, watch = {}) => answer(request, { client, idleTimeoutMs, watch }),
    transcribe: (request, signal) => transcribe(request, { client, signal }),
    models: () => ask('/models', readModels),
    key: () => ask('/key', readKey),
    credits: () => ask('/credits', readCredits),
    usageOf: (generationId) => ask(`/generation?id=${encodeURIComponent(generationId)}`, readGeneration),
  }
}

/** What is not given here the package would read from OPENAI_* variables, meant for somebody else's server. */
function createClient({ apiKey, baseUrl, idleTimeoutMs, appTitle, appUrl }: OpenRouterOptions): OpenAI {
  return new OpenAI({
    // The package can't be made without a key. Bots without the assistant have none: OpenRouter refuses this one.
    apiKey: apiKey || 'none',
    baseURL: baseUrl,
    organization: null,
    project: null,
    adminAPIKey: null,
    webhookSecret: null,
    logLevel: 'off',
    maxRetries: 0,
    timeout: idleTimeoutMs,
    defaultHeaders: {
      ...(appUrl !== undefined && { 'HTTP-Referer': appUrl }),
      ...(appTitle !== undefined && { 'X-OpenRouter-Title': appTitle }),
    },
  })
}
