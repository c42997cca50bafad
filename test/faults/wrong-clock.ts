/** The clock of this process, as a test sets it: what `Date` says, not timers, which run on as they do after a jump. */
const TrueDate = Date
let aheadMs = 0

class WrongDate extends TrueDate {
  constructor(...parts: unknown[]) {
    if (parts.length === 0) super(WrongDate.now())
    else super(...(parts as [string]))
  }

  static override now(): number {
    return TrueDate.now() + aheadMs
  }
}
globalThis.Date = WrongDate as DateConstructor

/** Lets the clock say a time so many ms after the true one; before it, where negative. */
export function setClockAhead(ms: number): void {
  aheadMs = ms
}
