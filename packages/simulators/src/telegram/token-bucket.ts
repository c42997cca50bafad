/** A budget that allows a short burst and refills steadily. */

/** Starts full. What goes beyond takes nothing out of it; several items at once leave it in debt. */
export class TokenBucket {
  private readonly size: number
  private readonly perMs: number
  private tokens: number
  private atMs = 0

  constructor({ size, perSecond }: { size: number; perSecond: number }) {
    this.size = size
    this.perMs = perSecond / 1000
    this.tokens = size
  }

  /** How much too early so many items are at that time; 0 if they are within the budget. More than the size count as the size. */
  earlyMs(atMs: number, items: number): number {
    this.refill(atMs)
    // A millionth of a token is rounding, not haste.
    const missing = Math.min(items, this.size) - this.tokens
    return missing > 1e-6 ? missing / this.perMs : 0
  }

  take(atMs: number, items: number): void {
    if (this.earlyMs(atMs, items) === 0) this.tokens -= items
  }

  /** Whether it is full again. */
  isIdle(atMs: number): boolean {
    this.refill(atMs)
    return this.tokens >= this.size
  }

  private refill(atMs: number): void {
    if (this.atMs !== 0) this.tokens = Math.min(this.size, this.tokens + (atMs - this.atMs) * this.perMs)
    this.atMs = atMs
  }
}
