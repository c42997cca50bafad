/** Counts wrong passwords per address, so that guessing is slow. */

/** Wrong passwords that one address may try within the window. */
const MOST_TRIES = 10
const WINDOW_MS = 60_000
/** More addresses than this at once are an attack; the oldest are forgotten rather than kept without bound. */
const MOST_ADDRESSES = 10_000

/** The count of wrong passwords. */
export interface FailedTries {
  /** How many seconds the address must wait before it may try again; 0 where it may now. */
  waitSeconds(address: string): number
  note(address: string): void
}

/** `nowMs` is a clock that only moves forward. */
export function createFailedTries(nowMs: () => number = () => performance.now()): FailedTries {
  const windows = new Map<string, { tries: number; endsAtMs: number }>()
  const openWindow = (address: string) => {
    const window = windows.get(address)
    return window && window.endsAtMs > nowMs() ? window : undefined
  }
  return {
    waitSeconds(address) {
      const window = openWindow(address)
      if (!window || window.tries < MOST_TRIES) return 0
      return Math.ceil((window.endsAtMs - nowMs()) / 1000)
    },
    note(address) {
      const window = openWindow(address)
      if (window) window.tries++
      else {
        windows.delete(address)
        windows.set(address, { tries: 1, endsAtMs: nowMs() + WINDOW_MS })
      }
      const [oldest] = windows.keys()
      if (windows.size > MOST_ADDRESSES && oldest !== undefined) windows.delete(oldest)
    },
  }
}
