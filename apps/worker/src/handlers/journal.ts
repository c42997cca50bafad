/** What runs of an update have noted before they died: which calls were made, which results are kept. */
import { type Keys, noteInJournal, type Turn } from '@chatlane/lanes'
import type { RedisClient } from '@chatlane/runtime'
import { TurnReplacedError } from './turn-replaced-error.ts'

/** The journal of one turn. */
export interface Journal {
  /** Whether the update ran before. */
  isRerun: boolean
  /** The note under `field`, as an earlier run of it left it. */
  find(field: string): string | undefined
  /** Notes `value` once and answers what stands. Rejects with a TurnReplacedError. */
  note(field: string, value: string): Promise<string>
  /** What earlier runs noted. */
  fields(): string[]
  key: string
}

/** Opens the journal of `turn`; read only where the update ran before. */
export async function openJournal(
  { redis, keys }: { redis: RedisClient; keys: Keys },
  turn: Turn,
): Promise<Journal> {
  // Also a run that was handed back by a worker that stopped counts as one.
  const isRerun = turn.tries > 1 || turn.conflicts > 0
  const key = keys.ofLane(turn.lane, 'journal')
  const found = new Map(Object.entries(isRerun ? await redis.hgetall(key) : {}))
  return {
    isRerun,
    key,
    find: (field) => found.get(field),
    fields: () => [...found.keys()],
    async note(field, value) {
      const stands = await noteInJournal(
        { redis, keys },
        { lane: turn.lane, turnId: turn.turnId, field, value },
      )
      if (stands === undefined) throw new TurnReplacedError()
      return stands
    },
  }
}
