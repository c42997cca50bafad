/** Says which keys a chat has, so that it can be erased without a walk through all of Redis. */
import type { RedisClient } from '@chatlane/runtime'
import type { ChatKey } from './chat-keys.ts'
import { type Keys, QUERY_PLACE } from './names.ts'
import type { ChatName } from './outbox.ts'
import { sessionKey } from './session-key.ts'
import type { Write } from './turn-end.ts'

/**
 * How long the index is kept after the last entry: longer than all that expires by itself. What stays for ever (sessions
 * without `SESSION_TTL_SECONDS`) and is older is found by `findChatKeys` alone.
 */
export const INDEX_SECONDS = 400 * 24 * 3600

/** Before the names of keys of the chat; entries without it are places. No place begins with it. */
const NAME = '#'
const OF_LANE = ['in', 'turn', 'chat', 'summing', 'settings', 'stops', 'journal'] as const
const OF_CHAT = ['out', 'outm', 'outv', 'settings', 'chosen', 'index'] as const

/** Where the index of a chat is: a set. */
export function indexKey(keys: Keys, chat: ChatName): string {
  return keys.ofChat(chat, 'index')
}

/** The writes that note a key of the chat, named as `ofChat` was given it. */
export function indexWrites(keys: Keys, chat: ChatName, name: string): Write[] {
  const key = indexKey(keys, chat)
  return [
    { command: 'sadd', key, args: [NAME + name] },
    { command: 'expire', key, args: [INDEX_SECONDS] },
  ]
}

/** Notes a key of the chat at once. Safe to repeat. */
export async function noteInIndex(
  { redis, keys }: { redis: RedisClient; keys: Keys },
  chat: ChatName,
  name: string,
): Promise<void> {
  const key = indexKey(keys, chat)
  const results = await redis
    .multi()
    .sadd(key, NAME + name)
    .expire(key, INDEX_SECONDS)
    .exec()
  for (const [error] of results ?? []) if (error) throw error
}

/** What a dead letter is known by in its chat. */
export interface LetterName {
  kind: 'update' | 'delivery'
  id: string
}

/** The name under which a dead letter's contents are kept. */
export function letterName({ kind, id }: LetterName): string {
  return `dead:${kind}:${id}`
}

/** The dead letters that the chat's index names; some may be gone. */
export async function indexedLetters(options: {
  redis: RedisClient
  keys: Keys
  chat: ChatName
}): Promise<LetterName[]> {
  const entries = await options.redis.smembers(indexKey(options.keys, options.chat))
  return entries.flatMap((entry) => {
    const [, kind, id] = /^#dead:(update|delivery):(.+)$/s.exec(entry) ?? []
    return kind && id ? [{ kind: kind as LetterName['kind'], id }] : []
  })
}

/**
 * The keys that a chat may have, whether they are there or not: those that every chat has, those of its index, and the
 * calls of turns in progress. Some reads of the chat's own keys, however large Redis is.
 */
export async function indexedChatKeys(options: {
  redis: RedisClient
  keys: Keys
  chat: ChatName
}): Promise<ChatKey[]> {
  const { redis, keys, chat } = options
  const entries = await redis.smembers(indexKey(keys, chat))
  const places = new Set(['', QUERY_PLACE, ...entries.filter((entry) => !entry.startsWith(NAME))])
  const names = entries.flatMap((entry) => (entry.startsWith(NAME) ? [entry.slice(NAME.length)] : []))
  const journals = [...places].map((place) => redis.hgetall(keys.ofLane({ ...chat, place }, 'journal')))
  const calls = (await Promise.all(journals)).flatMap((journal) =>
    Object.entries(journal).flatMap(([id, to]) =>
      to === `${chat.botId}:${chat.homeId}` ? [`call:${id}`] : [],
    ),
  )
  const own = sessionKey(keys, { ...chat, userId: chat.homeId })
  return [
    ...[...OF_CHAT, ...names, ...calls].map((name) => ({
      key: keys.ofChat(chat, name),
      name,
      place: undefined,
    })),
    { key: own, name: `sess:${chat.homeId}`, place: undefined },
    ...[...places].flatMap((place) =>
      OF_LANE.map((name) => ({ key: keys.ofLane({ ...chat, place }, name), name, place })),
    ),
  ]
}
