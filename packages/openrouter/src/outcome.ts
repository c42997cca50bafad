/** What is asked of a model, and how it can end. */
import type { Fault } from './faults.ts'

/** One message of the prompt; `content` is a text or OpenAI's content parts. */
export interface PromptMessage {
  role: 'system' | 'user' | 'assistant'
  content: string | PromptPart[]
}

/** A part of a message that is not text alone. Pictures are data URLs: a Telegram file URL holds the bot's token. */
export type PromptPart =
  | { type: 'text'; text: string }
  | { type: 'image_url'; image_url: { url: string } }
  | { type: 'file'; file: { filename: string; file_data: string } }
  | { type: 'input_audio'; input_audio: { data: string; format: string } }

/** One request for an answer. */
export interface AnswerRequest {
  model: string
  /** Tried by OpenRouter in this order, as long as nothing was streamed. */
  fallbackModels?: readonly string[]
  messages: readonly PromptMessage[]
  /** What an earlier request had said before it broke off: a model that can goes on with it, any other answers anew. */
  said?: string
  /** The longest answer. */
  maxTokens?: number
  /** A stable name of the user, already hashed. */
  user?: string
  /** Up to 256 characters; requests of one session prefer one provider, whose prompt cache then hits. */
  sessionId?: string
  /** What the answer may consist of, such as `['image', 'text']`; text alone without it. */
  modalities?: readonly string[]
  /** Who reads PDFs (`cloudflare-ai` is free); without it the model itself where it can, else OpenRouter's choice. */
  pdfEngine?: 'cloudflare-ai' | 'mistral-ocr' | 'native'
}

/** A picture that a model made. */
export interface MadePicture {
  /** Such as `image/png`. */
  mimeType: string
  base64: string
}

/** What a request used. */
export interface Usage {
  promptTokens: number
  completionTokens: number
  costUsd: number
}

/** What is known of an answer that did not come to its end. */
export interface Unfinished {
  /** The text so far, possibly empty. */
  partial: string
  /** OpenRouter's name of the request, once the headers were there: `usageOf` can ask what it cost. */
  generationId?: string
  /** Where the stream still said it. */
  usage?: Usage
}

/** How a request ended. */
export type AnswerOutcome =
  | {
      kind: 'answered'
      /** '' where the answer is pictures alone. */
      text: string
      /** The first four, as far as they have at most 16 million characters together; missing without any. */
      pictures?: readonly MadePicture[]
      /** `length`: it is cut at `maxTokens`. */
      finishReason: string
      /** The model that answered: it may be a fallback. */
      model: string
      generationId?: string
      /** `isKnown` is false where the stream broke between the text and its usage; the numbers are then 0. */
      usage: Usage & { isKnown: boolean }
      firstTokenMs: number
      totalMs: number
    }
  /** The caller's signal ended it. */
  | ({ kind: 'aborted' } & Unfinished)
  | ({ kind: 'failed'; fault: Fault } & Unfinished)

/** What a caller may take part in. Whatever a callback throws ends the request and comes out of `answer`. */
export interface AnswerWatch {
  /** Closes the connection: the provider stops, and mostly the billing too. */
  signal?: AbortSignal
  /** Called once with the wait for a slot, where their number is bounded; mostly a short one. */
  onWait?(wait: Promise<unknown>): void
  /** Called once, when a model begins to speak or to think. It may be a fallback. */
  onBegin?(model: string): void
  /** Called for each piece of text; `textSoFar` holds what was `said` too, where the model goes on with it. */
  onDelta?(textSoFar: string, delta: string): void
  /** Called once, when OpenRouter has named the request. */
  onGeneration?(generationId: string): void
}
