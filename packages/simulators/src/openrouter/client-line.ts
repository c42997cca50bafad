/** The connection of one request: it notices when the client goes, and waits with one timer at a time. */
import type { ServerResponse } from 'node:http'

/** Wraps the response of one request. */
export class ClientLine {
  readonly response: ServerResponse
  /** True once the client has closed the connection, or `cut` or `end` has. */
  isClosed = false
  #wake: (() => void) | undefined
  #timer: NodeJS.Timeout | undefined
  #isReleased = false

  constructor(response: ServerResponse) {
    this.response = response
    response.once('close', () => this.#close())
    response.on('error', () => this.#close())
  }

  /** Resolves after `ms`, earlier when the connection is closed. */
  async wait(ms: number): Promise<void> {
    if (this.isClosed || ms <= 0) return
    await new Promise<void>((resolve) => {
      this.#wake = resolve
      this.#timer = setTimeout(resolve, ms)
    })
    clearTimeout(this.#timer)
    this.#wake = undefined
  }

  /** Resolves after `release`, or when the connection is closed; meanwhile calls `tick` every `everyMs`. */
  async hang(everyMs: number, tick: () => void): Promise<void> {
    this.#isReleased = false
    while (!this.isClosed && !this.#isReleased) {
      await this.wait(everyMs)
      if (!this.isClosed && !this.#isReleased) tick()
    }
  }

  /** Ends `hang`. */
  release(): void {
    this.#isReleased = true
    this.#wake?.()
  }

  /** Breaks the connection without an ending, once what was written is out. */
  cut(): void {
    this.#close()
    this.response.socket?.destroySoon()
  }

  #close(): void {
    this.isClosed = true
    this.#wake?.()
  }
}
