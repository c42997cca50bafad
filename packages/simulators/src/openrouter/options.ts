/** What a simulated OpenRouter can be told: at its start, and of its speed later. */
import type { PromptMessage } from './prompt.ts'

/** From and to, both included; a value is drawn between them. */
export type Range = [min: number, max: number]

/** How fast the model answers. */
export interface Speed {
  /** From the request to the first token. */
  firstTokenMs: Range
  /** From the request to the end of the answer. */
  totalMs: Range
  /** When set, the answer's length decides how long it takes, and `totalMs` does not. */
  tokensPerSecond: number | null
  /** Characters in one chunk of the stream: more means fewer timers and writes. */
  chunkChars: number
  /** How often a comment line says that the connection lives, until the first token. */
  commentEveryMs: number
}

/** What an answer is made from. */
export interface Question {
  model: string
  messages: PromptMessage[]
  /** The next draw of the simulator's own randomness, in [0, 1). */
  random: () => number
}

/**
 * `hash`: a short text with `promptHash(messages)` in it; `echo`: the last user message; `chat`: Markdown as a model
 * writes it; or a function's text.
 */
export type Answers = 'hash' | 'echo' | 'chat' | ((question: Question) => string | MadeAnswer)

/** An answer with pictures, which only a model that makes some gives, and only to whoever asks for `image`. */
export interface MadeAnswer {
  text: string
  /** Data URLs. */
  images: string[]
}

/** A sound that is to be written down. */
export interface Speech {
  model: string
  format: string
  bytes: Buffer
}

/** All of it is optional. */
export interface OpenRouterSimulatorOptions extends Partial<Speed> {
  /** 0, the default, takes any free port. */
  port?: number
  /** Default `127.0.0.1`. */
  host?: string
  /** The keys that are accepted; without it every key is. */
  apiKeys?: string[]
  /** Default `chat`. */
  answers?: Answers
  /** How the models count prompts: so many bytes of UTF-8 are a token. Default 4. */
  bytesPerToken?: number
  /** What is said in a sound. Default: a sentence that tells its format and length. */
  transcripts?: (speech: Speech) => string
  /** Ids that are known besides the built-in list. */
  models?: string[]
  /** What the account has bought; spent, every request is refused with 402. Default 1000. */
  creditsUsd?: number
  /** How many requests are remembered, the newest. Default 1000. */
  keepRequests?: number
  /** Makes every random choice repeatable. */
  seed?: number
}

/** The speed of a pleasant model. */
export const DEFAULT_SPEED: Speed = {
  firstTokenMs: [300, 900],
  totalMs: [1500, 4000],
  tokensPerSecond: null,
  chunkChars: 48,
  commentEveryMs: 1000,
}

/** Takes from `source` what a speed consists of; throws a `TypeError` that names the first malformed field. */
export function readSpeed(source: Record<string, unknown>): Partial<Speed> {
  const speed: Partial<Speed> = {}
  for (const name of ['firstTokenMs', 'totalMs'] as const) {
    if (source[name] !== undefined) speed[name] = readRange(name, source[name])
  }
  for (const name of ['chunkChars', 'commentEveryMs'] as const) {
    if (source[name] !== undefined) speed[name] = readPositive(name, source[name])
  }
  if (source.tokensPerSecond === null) speed.tokensPerSecond = null
  else if (source.tokensPerSecond !== undefined) {
    speed.tokensPerSecond = readPositive('tokensPerSecond', source.tokensPerSecond)
  }
  return speed
}

function readRange(name: string, value: unknown): Range {
  if (Array.isArray(value) && value.length === 2) {
    const [min, max] = value as [unknown, unknown]
    if (typeof min === 'number' && typeof max === 'number' && min >= 0 && max >= min) return [min, max]
  }
  throw new TypeError(`${name} must be [min, max] in milliseconds`)
}

function readPositive(name: string, value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value
  throw new TypeError(`${name} must be a number above 0`)
}
