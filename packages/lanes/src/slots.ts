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

  /** Gives a slot to the next who waits. */
  release(): void {
    const next = this.waiting.shift()
    if (next) next()
    else this.free++
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
