/** A bound on how many turns are in progress in this process. */

/** Slots that are waited for in order. */
export class Slots {
  private free: number
  private isOpen = false
  private readonly waiting: (() => void)[] = []

  /** `size`: how many may be held at once. */
  constructor(size: number) {
    this.free = size
  }

  /** Resolves when a slot is held. */
  acquire(): Promise<void> {
    if (this.free > 0 || this.isOpen) {
      this.free--
      return Promise.resolve()
    }
    return new Promise((resolve) => this.waiting.push(resolve))
  }

  /** Holds a slot at once, though all may be held: there will be one more until others were released. */
  take(): void {
    this.free--
  }

  /** Gives a slot to the next who waits, unless more are held than there are. */
  release(): void {
    this.free++
    if (this.free <= 0) return
    const next = this.waiting.shift()
    if (!next) return
    this.free--
    next()
  }

  /** From now on nobody waits: whoever passes has nothing left to do but to give its work away. */
  open(): void {
    this.isOpen = true
    for (const next of this.waiting.splice(0)) {
      this.free--
      next()
    }
  }
}
