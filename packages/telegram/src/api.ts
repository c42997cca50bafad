// Calls Telegram's Bot API, and tells for each call whether it was done, not done, or may have been.
import { type Dispatcher, Pool } from 'undici'
import { type CallOutcome, readAnswer } from './call-outcome.ts'

/** Where and how to call. */
export interface BotApiOptions {
  /** Such as `https://api.telegram.org`; a path is kept. */
  apiRoot: string
  /** Most calls under way at once; more wait for a connection. Default 256. */
  connections?: number
  /** How long a call may take from beginning to end. Default 15 s: Telegram itself waits up to 8 s in a flood. */
  timeoutMs?: number
}

/** Limits of one call. */
export interface CallOptions {
  signal?: AbortSignal | undefined
  timeoutMs?: number | undefined
  /** Called right before the first byte leaves. Answering false keeps the call back: it is then `not-sent`. */
  onHandOver?: (() => boolean) | undefined
}

/** A client of the Bot API for any number of bots. */
export interface BotApi {
  /** Calls a method with a JSON payload. Never rejects, except for a payload that is no JSON. */
  call<T = unknown>(
    token: string,
    method: string,
    payload: object,
    options?: CallOptions,
  ): Promise<CallOutcome<T>>
  /** Waits for the calls under way and closes the connections; later calls are `not-sent`. */
  close(): Promise<void>
}

const HEADERS = { 'content-type': 'application/json' }
// Longer than undici's 4 s, so that a quiet bot doesn't shake hands for each reply; shorter than nginx's 75 s.
const KEEP_ALIVE_MS = 20_000
// Node's 250 ms for each address family fail on slow routes (telegraf #1961).
const ADDRESS_ATTEMPT_MS = 1_500

/** Creates a client with one pool of connections. Throws a TypeError if `apiRoot` is no http(s) URL. */
export function createBotApi({ apiRoot, connections = 256, timeoutMs = 15_000 }: BotApiOptions): BotApi {
  const { origin, pathname } = new URL(apiRoot)
  const base = pathname.replace(/\/+$/, '')
  const pool = new Pool(origin, {
    connections,
    allowH2: false,
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connect: { timeout: 10_000, autoSelectFamilyAttemptTimeout: ADDRESS_ATTEMPT_MS },
  })
  return {
    call(token, method, payload, options = {}) {
      if (!/^[\w:-]+$/.test(token)) return Promise.resolve({ kind: 'not-sent', detail: 'malformed token' })
      if (!/^\w+$/.test(method)) return Promise.resolve({ kind: 'not-sent', detail: 'malformed method' })
      if (options.signal?.aborted) return Promise.resolve({ kind: 'not-sent', detail: 'aborted' })
      const { promise, resolve, reject } = Promise.withResolvers<CallOutcome<never>>()
      try {
        const body = JSON.stringify(payload)
        const exchange = new Exchange({ timeoutMs, ...withoutUndefined(options) }, resolve)
        pool.dispatch(
          { method: 'POST', path: `${base}/bot${token}/${method}`, headers: HEADERS, body },
          exchange,
        )
      } catch (error) {
        reject(error)
      }
      return promise
    },
    close: () => pool.close(),
  }
}

interface Limits {
  timeoutMs: number
  signal?: AbortSignal
  onHandOver?: () => boolean
}

function withoutUndefined({ signal, timeoutMs, onHandOver }: CallOptions): Partial<Limits> {
  return {
    ...(signal && { signal }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(onHandOver && { onHandOver }),
  }
}

/** One call and its answer. undici calls `onRequestStart` right before the first byte: until then nothing is sent. */
class Exchange implements Dispatcher.DispatchHandler {
  #settle: ((outcome: CallOutcome<never>) => void) | undefined
  #timer: NodeJS.Timeout
  #signal: AbortSignal | undefined
  #onHandOver: (() => boolean) | undefined
  #controller: Dispatcher.DispatchController | undefined
  #status = 0
  #retryAfter: string | undefined
  #chunks: Buffer[] = []

  constructor(limits: Limits, settle: (outcome: CallOutcome<never>) => void) {
    this.#settle = settle
    this.#onHandOver = limits.onHandOver
    this.#timer = setTimeout(() => this.#giveUp('timeout'), limits.timeoutMs)
    this.#signal = limits.signal
    this.#signal?.addEventListener('abort', this.#onAbort, { once: true })
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Given up while it waited for a connection.
    if (!this.#settle) {
      controller.abort(new Error('given up'))
    } else if (this.#onHandOver?.() === false) {
      this.#end({ kind: 'not-sent', detail: 'kept back' })
      controller.abort(new Error('kept back'))
    } else {
      this.#controller = controller
    }
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: Record<string, unknown>): void {
    this.#status = status
    const retryAfter = headers['retry-after']
    this.#retryAfter = typeof retryAfter === 'string' ? retryAfter : undefined
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk)
  }

  onResponseEnd(): void {
    this.#end(readAnswer({ status: this.#status, retryAfter: this.#retryAfter, body: this.#body() }))
  }

  onResponseError(_: Dispatcher.DispatchController | undefined, error: Error): void {
    const { code } = error as NodeJS.ErrnoException
    this.#end(this.#lost(code ?? error.name))
  }

  #body(): string {
    const [first, ...more] = this.#chunks
    if (!first) return ''
    return (more.length === 0 ? first : Buffer.concat(this.#chunks)).toString('utf8')
  }

  #onAbort = (): void => this.#giveUp('aborted')

  #giveUp(detail: string): void {
    const controller = this.#controller
    this.#end(this.#lost(detail))
    controller?.abort(new Error(detail))
  }

  #lost(detail: string): CallOutcome<never> {
    if (!this.#controller) return { kind: 'not-sent', detail }
    // The status alone says that nothing was done; the rest of a refusal is worth asking again for.
    if (this.#status === 429 || this.#status >= 500) {
      return readAnswer({ status: this.#status, retryAfter: this.#retryAfter, body: '' })
    }
    return { kind: 'unknown', detail }
  }

  #end(outcome: CallOutcome<never>): void {
    const settle = this.#settle
    if (!settle) return
    this.#settle = undefined
    clearTimeout(this.#timer)
    this.#signal?.removeEventListener('abort', this.#onAbort)
    settle(outcome)
  }
}
