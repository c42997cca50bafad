/** The author's own effects, made safe to run again: results that are kept, and what goes out with the commit. */
import type { Journal } from './journal.ts'

/** What an update's handler may keep. */
export interface Effects {
  /** Runs `fn` once per update: a run after a death gets the result that the first one had. The result must be JSON. */
  once<T>(name: string, fn: () => T | Promise<T>): Promise<T>
}

/** Effects noted in `journal`, under the update `itemId`. */
export function createEffects(journal: Journal, itemId: string): Effects {
  const underWay = new Map<string, Promise<unknown>>()
  const run = async (name: string, fn: () => unknown): Promise<unknown> => {
    const field = `once:${itemId}:${name}`
    const kept = journal.find(field)
    if (kept !== undefined) return read(kept)
    return read(await journal.note(field, JSON.stringify({ value: await fn() })))
  }
  return {
    once<T>(name: string, fn: () => T | Promise<T>) {
      const known = underWay.get(name)
      if (known) return known as Promise<T>
      const running = run(name, fn)
      underWay.set(name, running)
      // What failed was not done: it may be tried again.
      running.catch(() => underWay.delete(name))
      return running as Promise<T>
    },
  }
}

function read(kept: string): unknown {
  return (JSON.parse(kept) as { value?: unknown }).value
}
