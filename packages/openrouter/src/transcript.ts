/** Collects what a stream brings, and concludes what it amounts to. */
import { type Fault, faultWith } from './faults.ts'
import { MadePictures } from './made-pictures.ts'
import type { AnswerOutcome, AnswerWatch, Unfinished, Usage } from './outcome.ts'
import { ReasoningFilter } from './reasoning-filter.ts'

/** What is read of one event; anything may be missing. */
export interface StreamChunk {
  id?: string
  model?: string
  choices?: {
    delta?: {
      content?: string | null
      reasoning?: string | null
      reasoning_details?: unknown[]
      images?: unknown
    }
    finish_reason?: string | null
  }[]
  usage?: { prompt_tokens?: number; completion_tokens?: number; cost?: number } | null
}

/** The growing answer of one request. */
export class Transcript {
  /** What a callback of the caller threw, wrapped so that any value can be told from none. */
  callbackError: { thrown: unknown } | undefined
  readonly #watch: AnswerWatch
  readonly #startedAt = performance.now()
  #text = ''
  #model = ''
  #hasBegun = false
  #generationId: string | undefined
  #finishReason: string | undefined
  #usage: Usage | undefined
  #firstTokenMs: number | undefined
  readonly #pictures = new MadePictures()
  readonly #filter: ReasoningFilter

  /** `mayBeginWithTags`: the question speaks of tags as models put their thoughts between. */
  constructor(watch: AnswerWatch, { mayBeginWithTags }: { mayBeginWithTags: boolean }) {
    this.#watch = watch
    this.#filter = new ReasoningFilter({ isOff: mayBeginWithTags })
  }

  /** Takes OpenRouter's name of the request; only the first counts. */
  nameGeneration(generationId: string): void {
    if (this.#generationId !== undefined) return
    this.#generationId = generationId
    this.#call(() => this.#watch.onGeneration?.(generationId))
  }

  /**
   * Takes one event. `progress`: it brought text or thought; `end`: a finish reason or the usage; `nothing`: an empty
   * event, which like a comment line only says that the connection lives.
   */
  take(chunk: StreamChunk): 'progress' | 'end' | 'nothing' {
    if (chunk.id) this.nameGeneration(chunk.id)
    if (chunk.model) this.#model = chunk.model
    if (chunk.usage) this.#usage = usageOf(chunk.usage)
    const choice = chunk.choices?.[0]
    const delta = choice?.delta
    if (delta?.content || delta?.reasoning || delta?.reasoning_details?.length) this.#begin()
    if (delta?.reasoning || delta?.reasoning_details?.length) this.#add(this.#filter.passOn())
    if (delta?.content) this.#add(this.#filter.take(delta.content))
    const isPicture = this.#pictures.take(delta?.images)
    if (isPicture) this.#firstTokenMs ??= performance.now() - this.#startedAt
    // OpenRouter repeats the finish reason beside the usage: the first one counts.
    if (choice?.finish_reason) this.#finishReason ??= choice.finish_reason
    if (choice?.finish_reason || chunk.usage) return 'end'
    const isProgress = isPicture || delta?.content || delta?.reasoning || delta?.reasoning_details?.length
    return isProgress ? 'progress' : 'nothing'
  }

  /** What there is of an answer that did not come to its end. */
  unfinished(): Unfinished {
    return {
      partial: this.#text,
      ...(this.#generationId !== undefined && { generationId: this.#generationId }),
      ...(this.#usage && { usage: this.#usage }),
    }
  }

  /** The outcome once the stream is over; `failure` is what ended it early. */
  conclude(failure: Fault | undefined): AnswerOutcome {
    if (this.#isWhole()) this.#add(this.#filter.end())
    const fault = this.#isWhole() ? this.#faultOfWhole() : (failure ?? this.#faultOfEnd())
    if (fault) return { kind: 'failed', fault, ...this.unfinished() }
    const totalMs = performance.now() - this.#startedAt
    return {
      kind: 'answered',
      text: this.#text,
      ...(this.#pictures.all().length > 0 && { pictures: this.#pictures.all() }),
      finishReason: this.#finishReason ?? 'stop',
      model: this.#model,
      ...(this.#generationId !== undefined && { generationId: this.#generationId }),
      usage: this.#usage
        ? { ...this.#usage, isKnown: true }
        : { promptTokens: 0, completionTokens: 0, costUsd: 0, isKnown: false },
      firstTokenMs: this.#firstTokenMs ?? totalMs,
      totalMs,
    }
  }

  /** A text that has its finish reason is whole: what breaks after it costs only the usage. */
  #isWhole(): boolean {
    return this.#finishReason !== undefined && this.#finishReason !== 'error'
  }

  #faultOfWhole(): Fault | undefined {
    if (this.#finishReason === 'content_filter') return faultWith('moderated', 'the answer was filtered')
    if (this.#text.trim() !== '' || this.#pictures.all().length > 0) return undefined
    const fault = faultWith(
      'empty',
      `finish reason ${this.#finishReason === 'length' ? 'length' : 'given'}, no text`,
    )
    // Whatever used up the length before the first word (mostly reasoning) would do so again.
    return this.#finishReason === 'length' ? { ...fault, retryable: false } : fault
  }

  #faultOfEnd(): Fault {
    return this.#finishReason === 'error'
      ? faultWith('provider_down', 'finish reason error')
      : faultWith('cut_off', 'the stream ended without a finish reason')
  }

  #begin(): void {
    if (this.#hasBegun) return
    this.#hasBegun = true
    this.#call(() => this.#watch.onBegin?.(this.#model))
  }

  #add(delta: string): void {
    if (delta === '') return
    this.#firstTokenMs ??= performance.now() - this.#startedAt
    this.#text += delta
    this.#call(() => this.#watch.onDelta?.(this.#text, delta))
  }

  #call(callback: () => void): void {
    try {
      callback()
    } catch (thrown) {
      this.callbackError = { thrown }
      throw thrown
    }
  }
}

function usageOf(usage: NonNullable<StreamChunk['usage']>): Usage {
  return {
    promptTokens: usage.prompt_tokens ?? 0,
    completionTokens: usage.completion_tokens ?? 0,
    costUsd: usage.cost ?? 0,
  }
}
