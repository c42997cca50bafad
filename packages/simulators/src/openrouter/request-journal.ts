/** Remembers the requests that came, what became of them and what they cost, and tells whoever listens. */
import type { PromptMessage } from './prompt.ts'

/** What a request used. `costUsd` is what was billed: nothing for an answer that failed. */
export interface RequestUsage {
  promptTokens: number
  completionTokens: number
  costUsd: number
}

/** One `POST /chat/completions`. Times are milliseconds since 1970. */
export interface RequestRecord {
  id: number
  generationId: string
  at: number
  /** As asked. */
  model: string
  fallbackModels: string[]
  messages: PromptMessage[]
  maxTokens?: number
  user?: string
  sessionId?: string
  stream: boolean
  modalities?: string[]
  plugins?: unknown[]
  /** Without the key. */
  headers: Record<string, string>
  /** `aborted`: the client closed the connection. `failed`: an error, a cut, or an end without finish_reason. */
  state: 'running' | 'finished' | 'failed' | 'aborted'
  /** The HTTP status, once there is one. */
  status?: number
  answeredBy?: string
  /** The kind of fault it met. */
  fault?: string
  firstTokenAt?: number
  endedAt?: number
  finishReason?: string
  /** The text that went out. */
  text: string
  usage?: RequestUsage
}

/** One `POST /audio/transcriptions` that was answered or refused. */
export interface TranscriptionRecord {
  model: string
  format: string
  bytes: Buffer
  status: number
  text: string
  costUsd: number
}

/** Sums over all requests since the start. */
export interface Ledger {
  requests: number
  running: number
  finished: number
  failed: number
  aborted: number
  promptTokens: number
  completionTokens: number
  costUsd: number
}

/** What just happened to a request. */
export interface OpenRouterEvent {
  type: 'request' | 'first-token' | 'finish'
  request: RequestRecord
}

/** The journal of one simulator; it keeps the newest `keepRequests` records and all sums. */
export class RequestJournal {
  readonly #records = new Map<string, RequestRecord>()
  readonly #transcriptions: TranscriptionRecord[] = []
  readonly #listeners = new Set<(event: OpenRouterEvent) => void>()
  readonly #keepRequests: number
  readonly #ledger: Ledger = {
    requests: 0,
    running: 0,
    finished: 0,
    failed: 0,
    aborted: 0,
    promptTokens: 0,
    completionTokens: 0,
    costUsd: 0,
  }

  constructor(keepRequests: number) {
    this.#keepRequests = keepRequests
  }

  /** Starts a record. */
  begin(asked: Omit<RequestRecord, 'id' | 'at' | 'state' | 'text'>): RequestRecord {
    this.#ledger.requests += 1
    this.#ledger.running += 1
    const record: RequestRecord = {
      id: this.#ledger.requests,
      at: Date.now(),
      state: 'running',
      text: '',
      ...asked,
    }
    this.#records.set(record.generationId, record)
    if (this.#records.size > this.#keepRequests) {
      const oldest = this.#records.keys().next().value
      if (oldest !== undefined) this.#records.delete(oldest)
    }
    this.#tell('request', record)
    return record
  }

  /** Notes that the first token is out; the second call does nothing. */
  noteFirstToken(record: RequestRecord): void {
    if (record.firstTokenAt !== undefined) return
    record.firstTokenAt = Date.now()
    this.#tell('first-token', record)
  }

  /** Ends a record and adds what it used; the second call does nothing. */
  end(record: RequestRecord, state: 'finished' | 'failed' | 'aborted', usage?: RequestUsage): void {
    if (record.state !== 'running') return
    record.state = state
    record.endedAt = Date.now()
    this.#ledger.running -= 1
    this.#ledger[state] += 1
    if (usage) {
      record.usage = usage
      this.#ledger.promptTokens += usage.promptTokens
      this.#ledger.completionTokens += usage.completionTokens
      this.#ledger.costUsd += usage.costUsd
    }
    this.#tell('finish', record)
  }

  /** Keeps a transcription and adds what it cost. */
  noteTranscription(record: TranscriptionRecord): void {
    this.#ledger.costUsd += record.costUsd
    this.#transcriptions.push(record)
    if (this.#transcriptions.length > this.#keepRequests) this.#transcriptions.shift()
  }

  /** The transcriptions that are remembered, oldest first. */
  transcriptions(): TranscriptionRecord[] {
    return [...this.#transcriptions]
  }

  /** What is remembered, oldest first. */
  requests(): RequestRecord[] {
    return [...this.#records.values()]
  }

  /** The record of a generation, while it is remembered. */
  find(generationId: string): RequestRecord | undefined {
    return this.#records.get(generationId)
  }

  /** Forgets the records; the sums stay. */
  forget(): void {
    this.#records.clear()
    this.#transcriptions.length = 0
  }

  /** The sums now. */
  ledger(): Ledger {
    return { ...this.#ledger }
  }

  /** Calls `listener` at every event, until the returned function is called. */
  listen(listener: (event: OpenRouterEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #tell(type: OpenRouterEvent['type'], request: RequestRecord): void {
    for (const listener of this.#listeners) listener({ type, request })
  }
}
