/** Wakes whoever waits for something to do. */

/** One waiter at a time; a ring that nobody waits for is kept for the next wait. */
export class Bell {
  private rung = false
  private waiter: (() => void) | undefined

  /** Wakes the waiter. */
  ring(): void {
    if (this.waiter) this.waiter()
    else this.rung = true
  }

  /** Resolves at the next ring, or after `ms`. */
  wait(ms: number): Promise<void> {
    if (this.rung) {
      this.rung = false
      return Promise.resolve()
    }
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer)
        this.waiter = undefined
        resolve()
      }
      const timer = setTimeout(done, ms)
      this.waiter = done
    })
  }
}
