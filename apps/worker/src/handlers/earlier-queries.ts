/** Lets a message find the session as the taps before it have left it. */
import { type Keys, QUERY_PLACE, type Turn } from '@chatlane/lanes'
import { type RedisClient, sleep } from '@chatlane/runtime'

/** A tap that takes longer is not waited for. */
const LONGEST_WAIT_MS = 30_000
const LOOK_EVERY_MS = 15

/**
 * Resolves when nothing of the user's queries is left that came before the update `itemId`. Queries have lanes of their
 * own: who taps a button and writes at once what it asks for would else be read before the tap has written its session.
 */
export async function earlierQueriesEnded(
  { redis, keys }: { redis: RedisClient; keys: Keys },
  { turn, userId, itemId }: { turn: Turn; userId: number | undefined; itemId: string },
): Promise<void> {
  const { botId, place } = turn.lane
  if (userId === undefined || place === QUERY_PLACE) return
  const queries = keys.ofLane({ botId, homeId: String(userId), place: QUERY_PLACE }, 'in')
  const until = performance.now() + LONGEST_WAIT_MS
  while (performance.now() < until && !turn.signal.aborted) {
    const head = await redis.lindex(queries, 0)
    const headId = /^\d+\|(\d+)/.exec(head ?? '')?.[1]
    if (headId === undefined || Number(headId) > Number.parseInt(itemId, 10)) return
    await sleep(LOOK_EVERY_MS, turn.signal)
  }
}
