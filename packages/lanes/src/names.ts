/** What lanes are called, and which of Redis's keys belong to them. */

/** A lane: one chat of one bot, or one place (a topic, a business connection) of it. */
export interface LaneName {
  botId: string
  /** The chat id first seen, which names the chat's keys for ever; a user's id where there is no chat. */
  homeId: string
  /** '' for the chat itself. */
  place: string
}

/** The place of a user's queries: who tapped a button waits for it, so that they have lanes and workers of their own. */
export const QUERY_PLACE = 'q'

/** Whether the lane is one of queries. */
export function isQueryLane({ place }: LaneName): boolean {
  return place === QUERY_PLACE
}

/** `bot:home:place`, as jobs and Redis hold it. */
export function laneText(lane: LaneName): string {
  return `${lane.botId}:${lane.homeId}:${lane.place}`
}

/** The inverse of `laneText`. Throws on text that no lane has. */
export function laneFromText(text: string): LaneName {
  const match = /^(\d+):(-?\d+):(.*)$/s.exec(text)
  if (!match) throw new Error('not the name of a lane')
  const [, botId = '', homeId = '', place = ''] = match
  return { botId, homeId, place }
}

/** Every key of an installation. Keys of one shard, and keys of one bot, share a hash tag (Redis Cluster). */
export interface Keys {
  readonly shards: number
  /** The shard of a chat: never of a place, a user or a turn, so that all of a chat stays together. */
  shardOf(lane: { botId: string; homeId: string }): number
  /** The prefix of shard `n`, also the prefix of its BullMQ queues. */
  shard(n: number): string
  /** The prefix of what is a bot's and not one chat's. */
  bot(botId: string): string
  /** A key of shard `n` that is not one chat's. */
  ofShard(n: number, name: string): string
  /** A key of the chat (all places share it). */
  ofChat(lane: { botId: string; homeId: string }, name: string): string
  /** A key of the lane. */
  ofLane(lane: LaneName, name: string): string
}

/** The keys under `prefix` with lanes spread over `shards` (fixed at the first deployment). */
export function createKeys(options: { prefix: string; shards: number }): Keys {
  const { prefix, shards } = options
  const shardOf: Keys['shardOf'] = (lane) => fnv1a(`${lane.botId}:${lane.homeId}`) % shards
  const shard: Keys['shard'] = (n) => `${prefix}:{s${n}}`
  return {
    shards,
    shardOf,
    shard,
    bot: (botId) => `${prefix}:{b${botId}}`,
    ofShard: (n, name) => `${shard(n)}:${name}`,
    ofChat: (lane, name) => `${shard(shardOf(lane))}:${name}:${lane.botId}:${lane.homeId}`,
    ofLane: (lane, name) => `${shard(shardOf(lane))}:${name}:${laneText(lane)}`,
  }
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}
