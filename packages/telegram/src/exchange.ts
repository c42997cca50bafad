// One call on its way: from the wait for a connection to the end of the answer.
import type { Dispatcher } from 'undici'
import { type CallOutcome, readAnswer } from './call-outcome.ts'

/** What ends a call early. */
export interface ExchangeLimits {
  /** From now to the end of the answer. */
  timeoutMs: number
  signal?: AbortSignal
  /** Called right before the first byte leaves; false keeps the call back. */
  onHandOver?: () => boolean
}

/**
 * Settles once, with what became of the call. undici calls `onRequestStart` right before the first byte: until then
 * nothing is sent.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  #settle: ((outcome: CallOutcome<never>) => void) | undefined
  #timer: NodeJS.Timeout
  #signal: AbortSignal | undefined
  #onHandOver: (() => boolean) | undefined
  #controller: Dispatcher.DispatchController | undefined
  #status = 0
  #retryAfter: string | undefined
  #chunks: Buffer[] = []

  constructor(limits: ExchangeLimits, settle: (outcome: CallOutcome<never>) => void) {
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
