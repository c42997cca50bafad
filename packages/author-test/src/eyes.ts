/** What one person has seen of each chat, and the waiting for what comes next. */
import type { Journal, Kind } from './journal.ts'
import type { Patience } from './person.ts'

/** Who waits for what. */
export interface Waiting extends Patience {
  who: string
  what: string
  chat: number
}

/** Resolves with what `look` finds, or rejects with a NotSeenError. */
export type Wait = <T>(look: () => T | undefined, waiting: Waiting) => Promise<T>

/** The eyes of a person. */
export interface Eyes {
  /** The text of the next moment of the kind that they have not seen. */
  next(kind: Kind, waiting: Waiting): Promise<string>
  /** From now on what answers the query is for them to see. */
  expect(queryId: string): void
}

/** Eyes that have seen nothing yet. */
export function openEyes(parts: { journal: Journal; wait: Wait }): Eyes {
  const { journal, wait } = parts
  const seen = new Map<string, number>()
  const queries = new Set<string>()
  const moments = (kind: Kind, chat: number) =>
    journal.of(kind, chat).filter(({ queryId }) => queryId === undefined || queries.has(queryId))
  return {
    expect: (queryId) => void queries.add(queryId),
    async next(kind, waiting) {
      const cursor = `${kind} ${waiting.chat}`
      const at = seen.get(cursor) ?? 0
      // At once: two who wait at the same time see two things.
      seen.set(cursor, at + 1)
      try {
        return (await wait(() => moments(kind, waiting.chat)[at], waiting)).text
      } catch (error) {
        seen.set(cursor, (seen.get(cursor) ?? 1) - 1)
        throw error
      }
    },
  }
}
