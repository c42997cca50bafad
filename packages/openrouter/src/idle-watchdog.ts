/** Notices that nothing has come for too long, with one timer however often something comes. */

/** Watches one request. */
export class IdleWatchdog {
  readonly #onIdle: () => void
  #idleMs: number
  #seenAt = performance.now()
  #timer: NodeJS.Timeout

  constructor({ idleMs, onIdle }: { idleMs: number; onIdle: () => void }) {
    this.#idleMs = idleMs
    this.#onIdle = onIdle
    this.#timer = setTimeout(() => this.#look(), idleMs)
  }

  /** Something came. */
  noteActivity(): void {
    this.#seenAt = performance.now()
  }

  /** From now on waits no longer than this. */
  hurry(idleMs: number): void {
    this.noteActivity()
    if (idleMs >= this.#idleMs) return
    this.#idleMs = idleMs
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#look(), idleMs)
  }

  /** Must be called in the end. */
  stop(): void {
    clearTimeout(this.#timer)
  }

  #look(): void {
    const leftMs = this.#idleMs - (performance.now() - this.#seenAt)
    if (leftMs <= 0) this.#onIdle()
    else this.#timer = setTimeout(() => this.#look(), Math.ceil(leftMs))
  }
}
