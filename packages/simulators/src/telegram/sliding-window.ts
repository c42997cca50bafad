/** A budget of so many items in ANY span of so many milliseconds. */

/** Remembers the last `most` arrivals: one more is beyond the budget while the oldest of them is within the span. */
export class SlidingWindow {
  private readonly most: number
  private readonly spanMs: number
  private readonly arrivals: number[] = []
  /** Where the oldest arrival stands once the ring is full. */
  private oldest = 0

  constructor(most: number, spanMs: number) {
    this.most = most
    this.spanMs = spanMs
  }

  /** How much too early so many items are at that time; 0 if they are within the budget. More than `most` count as `most`. */
  earlyMs(atMs: number, items: number): number {
    const mustBePast = Math.min(items, this.most) - (this.most - this.arrivals.length)
    if (mustBePast <= 0) return 0
    const arrival = this.arrivals[(this.oldest + mustBePast - 1) % this.most] ?? 0
    return Math.max(0, arrival + this.spanMs - atMs)
  }

  take(atMs: number, items: number): void {
    for (let item = 0; item < Math.min(items, this.most); item++) {
      if (this.arrivals.length < this.most) {
        this.arrivals.push(atMs)
      } else {
        this.arrivals[this.oldest] = atMs
        this.oldest = (this.oldest + 1) % this.most
      }
    }
  }

  /** Whether nothing it remembers matters any more. */
  isIdle(atMs: number): boolean {
    return this.arrivals.every((arrival) => arrival + this.spanMs <= atMs)
  }
}
