/** Finds every key of one chat, whichever part of the product keeps it. */
import { type RedisClient, scanKeys } from '@chatlane/runtime'
import type { Keys } from './names.ts'
import type { ChatName } from './outbox.ts'
import { QUEUE_NAMES } from './queues.ts'
import { isSessionName } from './session-key.ts'

/** A key of a chat. */
export interface ChatKey {
  key: string
  /** What was given to `ofChat` or `ofLane`: `out`, `turn`, `dead:update:42`, … */
  name: string
  /** The lane's place; undefined where all places of the chat share the key. */
  place: string | undefined
}

/** The keys of `chat`, of the chat as of each of its lanes. It walks all keys of Redis, a second per million or so. */
export async function findChatKeys(options: {
  redis: RedisClient
  keys: Keys
  chat: ChatName
}): Promise<ChatKey[]> {
  const { redis, keys, chat } = options
  const shard = `${keys.shard(keys.shardOf(chat))}:`
  // Prefixes and ids have none of the letters that a pattern gives a meaning to.
  const found = await scanKeys(redis, `${shard}*:${chat.botId}:${chat.homeId}*`)
  return found.flatMap((key) => {
    const read = readChatKey(chat, key.slice(shard.length))
    return read ? [{ key, ...read }] : []
  })
}

const QUEUES = Object.values<string>(QUEUE_NAMES)

/**
 * A pattern takes what only begins like the chat's id, or has the id elsewhere, for the chat's. Names of lanes' keys
 * have no colon, places begin with a letter; of sessions, which are named after a user, no lane has one.
 */
function readChatKey(chat: ChatName, rest: string): Omit<ChatKey, 'key'> | undefined {
  const owner = `:${chat.botId}:${chat.homeId}`
  const first = rest.slice(0, rest.indexOf(':'))
  if (QUEUES.includes(first)) return undefined
  if (rest.endsWith(owner)) return { name: rest.slice(0, -owner.length), place: undefined }
  const place = rest.slice(first.length + owner.length + 1)
  const isOfLane =
    rest.startsWith(`${first}${owner}:`) && !isSessionName(first) && /^([a-z][^:]*)?$/i.test(place)
  return isOfLane ? { name: first, place } : undefined
}

/** The places of a chat that have keys, the chat itself first. */
export function placesOf(found: readonly ChatKey[]): string[] {
  const places = found.flatMap(({ place }) => (place === undefined ? [] : [place]))
  return [...new Set(places)].sort()
}
