/** Asks running turns to stop, on whichever worker they are: notes per lane, and a hint that there is a new one. */
import type { RedisClient, Running } from '@chatlane/runtime'
import { type Keys, type LaneName, laneText } from './names.ts'

/** One wish that a turn ends early. Whether it is meant, and its user may, is for the worker of the turn to judge. */
export interface Stop {
  /** The update that asked: a turn of updates that came after it is not meant. */
  updateId: number
  userId: number
  /** The id of the first update of the turn that a button belongs to; absent where whatever runs is meant. */
  stream?: string
  /** The draft whose own stop was used. */
  draftId?: number
  /** The bot that a command was addressed to, without the `@`. */
  addressee?: string
}

/** The stops of all lanes. */
export interface Stops {
  /** Notes `stop` and hints at it to all who listen. Noting it again changes nothing but its place in the order. */
  note(lane: LaneName, stop: Stop): Promise<void>
  /** The newest stops of the lane, in the order in which they were noted. */
  of(lane: LaneName): Promise<Stop[]>
  /** Calls `heard` with the text of every lane in which a stop is noted. Hints may be lost, stops are not. */
  listen(heard: (laneText: string) => void): Promise<Running>
}

const MOST_STOPS = 20
/** Who asked an hour ago and was not heard (every worker was away) is answered rather than stopped. */
const KEPT_SECONDS = 3600

/** The stops under `keys`. */
export function createStops(options: { redis: RedisClient; keys: Keys }): Stops {
  const { redis, keys } = options
  const channel = (shard: number) => keys.ofShard(shard, 'stopping')
  return {
    async note(lane, stop) {
      const key = keys.ofLane(lane, 'stops')
      const packed = JSON.stringify(stop)
      const results = await redis
        .multi()
        .lrem(key, 0, packed)
        .rpush(key, packed)
        .ltrim(key, -MOST_STOPS, -1)
        .expire(key, KEPT_SECONDS)
        .publish(channel(keys.shardOf(lane)), laneText(lane))
        .exec()
      for (const [error] of results ?? []) if (error) throw error
    },
    async of(lane) {
      const stored = await redis.lrange(keys.ofLane(lane, 'stops'), 0, -1)
      return stored.map((packed) => JSON.parse(packed) as Stop)
    },
    async listen(heard) {
      const listener = redis.duplicate()
      // An outage is told by the connection that this one was made from.
      listener.on('error', () => undefined)
      listener.on('message', (_channel: string, text: string) => heard(text))
      await listener.subscribe(...Array.from({ length: keys.shards }, (_, shard) => channel(shard)))
      return { stop: async () => listener.disconnect() }
    },
  }
}
