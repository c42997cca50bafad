/** Everything that the lanes hold of one chat now, for whoever is on call. */
import type { RedisClient } from '@chatlane/runtime'
import { readPauses } from './budget.ts'
import { findChatKeys, placesOf } from './chat-keys.ts'
import { readItem, type TakenItem } from './inbox.ts'
import { type Keys, laneText } from './names.ts'
import { type ChatName, readDelivery } from './outbox.ts'
import { isSessionName } from './session-key.ts'

/** A lane as it is now. Times are on Redis's clock. */
export interface LaneReport {
  place: string
  /** How many updates wait; those of the turn in progress do not. */
  waiting: number
  /** The first of those that wait, at most 100. */
  updates: TakenItem[]
  /** The turn in progress. `tries` counts it too; `fails` are the tries that failed, the others died. */
  turn?: { sinceMs: number; tries: number; fails: number; updates: TakenItem[] }
  /** When the turn that failed is tried again. */
  retryAtMs?: number
}

/** A delivery that was not settled yet. */
export interface WaitingDelivery {
  id: string
  class: 'command' | 'reply' | 'preview' | 'broadcast'
  place: string
  atMs: number
  payload: string
}

/** A chat as it is now. */
export interface ChatReport {
  /** The time on Redis's clock. */
  nowMs: number
  lanes: LaneReport[]
  deliveries: WaitingDelivery[]
  /** The call under way. `untilMs`: until then its outcome can change; later it is taken up again. */
  attempt?: { deliveryId: string; isHandedOver: boolean; untilMs: number }
  /** For how long Telegram wants no calls to the chat, or of the whole bot; 0 for not at all. */
  frozenMs: number
  botPausedMs: number
  /** Sessions of authors' handlers. */
  sessions: number
}

const MOST_UPDATES = 100
const CLASSES = ['command', 'reply', 'preview', 'broadcast'] as const

/** Looks at `chat`; it walks all keys of Redis to find its places. */
export async function reportChat(options: {
  redis: RedisClient
  keys: Keys
  chat: ChatName
}): Promise<ChatReport> {
  const { redis, keys, chat } = options
  const found = await findChatKeys({ redis, keys, chat })
  const [seconds, micros] = await redis.time()
  const [members, attempt, pauses, lanes] = await Promise.all([
    redis.zrange(keys.ofChat(chat, 'out'), '0', '-1'),
    redis.hget(keys.ofChat(chat, 'outm'), 'attempt'),
    readPauses(redis, keys.bot(chat.botId), chat.homeId),
    Promise.all(placesOf(found).map((place) => reportLane(options, place))),
  ])
  const standing = /^[^|]*\|(\d+)\|(\w)\|(.*)$/s.exec(attempt ?? '')
  return {
    nowMs: Number(seconds) * 1000 + Math.floor(Number(micros) / 1000),
    lanes,
    deliveries: members.map(readWaiting),
    ...(standing && {
      attempt: {
        deliveryId: standing[3] ?? '',
        isHandedOver: standing[2] !== 'i',
        untilMs: Number(standing[1]),
      },
    }),
    ...pauses,
    sessions: found.filter(({ name }) => isSessionName(name)).length,
  }
}

async function reportLane(
  { redis, keys, chat }: { redis: RedisClient; keys: Keys; chat: ChatName },
  place: string,
): Promise<LaneReport> {
  const lane = { ...chat, place }
  const [stamp, sinceMs, count] = await Promise.all([
    redis.hmget(keys.ofLane(lane, 'turn'), 'id', 'n', 'tries', 'fails', 'notBefore'),
    redis.zscore(keys.ofShard(keys.shardOf(chat), 'turns'), laneText(lane)),
    redis.llen(keys.ofLane(lane, 'in')),
  ])
  const [turnId, size, tries, fails, notBefore] = stamp
  const taken = turnId ? Math.min(Number(size), count) : 0
  const items = await redis.lrange(keys.ofLane(lane, 'in'), 0, taken + MOST_UPDATES - 1)
  return {
    place,
    waiting: count - taken,
    updates: items.slice(taken).map(readItem),
    ...(taken > 0 && {
      turn: {
        sinceMs: Number(sinceMs ?? 0),
        tries: Number(tries ?? 0),
        fails: Number(fails ?? 0),
        updates: items.slice(0, taken).map(readItem),
      },
    }),
    ...(!turnId && count > 0 && Number(notBefore ?? 0) > 0 && { retryAtMs: Number(notBefore) }),
  }
}

function readWaiting(member: string): WaitingDelivery {
  const { id, class: kind, place, atMs, payload } = readDelivery(member)
  return { id, class: CLASSES[kind] ?? 'reply', place, atMs, payload }
}
