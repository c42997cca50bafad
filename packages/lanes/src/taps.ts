/** Taps of buttons that wait for an answer: who tapped sees a spinner, which must not turn for ever. */
import type { Log, RedisClient, Running } from '@chatlane/runtime'
import { lead } from './leader.ts'
import type { Keys } from './names.ts'
import { scripts } from './scripts.ts'

/** The taps of all bots. */
export interface Taps {
  /** Notes a tap that has just come. */
  note(botId: string, queryId: string): Promise<void>
  /** Notes that a handler begins with it; false where it was given up, and answered empty. */
  begin(botId: string, queryId: string): Promise<boolean>
  /** Calls `answer` for taps of `botIds` that nobody has begun within `overdueMs` (8 s), in one process at a time. */
  giveUp(options: {
    botIds: Iterable<string>
    answer(botId: string, queryId: string): Promise<void>
    log: Log
    overdueMs?: number
    everyMs?: number
  }): Running
}

const OVERDUE_MS = 8000
const LOOK_EVERY_MS = 1000
/** For so long Telegram takes the answer to a query, and longer. */
const REMEMBERED_MS = 3_600_000

/** The taps under `keys`. */
export function createTaps({ redis, keys }: { redis: RedisClient; keys: Keys }): Taps {
  const waiting = (botId: string) => `${keys.bot(botId)}:taps`
  const givenUp = (botId: string) => `${keys.bot(botId)}:taps-given-up`
  return {
    async note(botId, queryId) {
      await scripts.tap(redis, [waiting(botId)], [queryId])
    },
    async begin(botId, queryId) {
      const [, score] = await Promise.all([
        redis.zrem(waiting(botId), queryId),
        redis.zscore(givenUp(botId), queryId),
      ])
      return score === null
    },
    giveUp({ botIds, answer, log, overdueMs = OVERDUE_MS, everyMs = LOOK_EVERY_MS }) {
      const looking = Array.from(botIds, (botId) =>
        lead({
          redis,
          log,
          key: `${keys.bot(botId)}:taps-lease`,
          everyMs,
          async chore() {
            const tapKeys = [waiting(botId), givenUp(botId)]
            const ids = (await scripts.overdueTaps(redis, tapKeys, [overdueMs, REMEMBERED_MS])) as string[]
            await Promise.all(ids.map((id) => answer(botId, id)))
          },
        }),
      )
      return { stop: async () => void (await Promise.all(looking.map((each) => each.stop()))) }
    },
  }
}
