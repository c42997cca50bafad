/** Waiting for something that a test causes, never for time. */

/** A promise with its resolver: `open` lets everyone pass who waits. */
export interface Latch<T = void> {
  readonly opened: Promise<T>
  open(value: T): void
}

/** A closed latch. */
export function latch<T = void>(): Latch<T> {
  const { promise, resolve } = Promise.withResolvers<T>()
  return { opened: promise, open: resolve }
}

/** Asks `look` on every turn of the event loop, and at most every 5 ms, until it answers something true. */
export async function until<T>(look: () => T | Promise<T>): Promise<NonNullable<T>> {
  for (;;) {
    const seen = await look()
    if (seen) return seen as NonNullable<T>
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
