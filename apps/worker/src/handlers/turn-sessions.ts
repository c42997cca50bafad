/** Sessions of one run of an update: read once, written by the turn's commit. */
import { packSession, readSession, type SessionRecord, sessionWrites, writeSessionNow } from '@chatlane/chats'
import {
  type ChatName,
  type Homes,
  indexWrites,
  type Keys,
  noteInIndex,
  sessionKey,
  sessionName,
  type Turn,
  type Write,
} from '@chatlane/lanes'
import type { RedisClient, Tally } from '@chatlane/runtime'

/** What a session is known by. */
export interface SessionName {
  key: string
  /** Whether it is the user's in the chat; else the author chose the key. */
  isDefaultKey: boolean
  /** Where the context shows it: each property has sessions of its own. */
  property: string
}

/** The sessions of one run. */
export interface TurnSessions {
  /** A session; undefined where there is none. */
  read(session: SessionName): Promise<unknown>
  /** Notes the new value; null or undefined removes it. Rejects with a SessionTooLargeError. */
  write(session: SessionName, value: unknown): Promise<void>
  /** What the commit writes. A session that changed meanwhile refuses the commit, and the update runs again. */
  writes(): Promise<Write[]>
}

/** What sessions need. */
export interface SessionParts {
  redis: RedisClient
  keys: Keys
  homes: Homes
  tally: Tally
  /** Undefined: they never expire. */
  ttlSeconds: number | undefined
}

/** So often is an update run again because its session changed meanwhile; then the last writer wins, and is counted. */
const MOST_CONFLICTS = 5

interface Open {
  record: Promise<SessionRecord>
  value?: unknown
  /** What is to be written: JSON, or nothing to remove the session. */
  change?: { json: string | undefined }
  key: string
  isOfShard: boolean
  isVersioned: boolean
  /** What a chat's index must name, so that the session is erased with the chat. */
  indexed: { chat: ChatName; name: string } | undefined
}

/** The sessions of `turn`. `ready` is waited for before the first is read. */
export function createTurnSessions(
  parts: SessionParts,
  turn: Turn,
  ready: () => Promise<void>,
): TurnSessions {
  const { redis, keys, homes, tally, ttlSeconds } = parts
  const { botId } = turn.lane
  const open = new Map<string, Promise<Open>>()
  const find = async ({ key, isDefaultKey, property }: SessionName): Promise<Open> => {
    // The default key is the user's and the chat's: the session moves with the chat when it becomes a supergroup.
    const [userId = '', chat = ''] = key.split(':')
    const chatName = { botId, homeId: isDefaultKey ? await homes.homeOf(botId, chat) : key }
    const redisKey = sessionKey(keys, { ...chatName, ...(isDefaultKey && { userId }), property })
    const isOfShard = keys.shardOf(chatName) === keys.shardOf(turn.lane)
    const isVersioned = isOfShard && isDefaultKey && turn.conflicts < MOST_CONFLICTS
    await ready()
    // Every private chat has its user's session; where the author chose the key, it is no chat's.
    const isKnown = userId === chatName.homeId && property === 'session'
    const indexed =
      isDefaultKey && !isKnown ? { chat: chatName, name: sessionName({ userId, property }) } : undefined
    return { record: readSession(redis, redisKey), key: redisKey, isOfShard, isVersioned, indexed }
  }
  const session = (name: SessionName): Promise<Open> => {
    const id = `${name.property} ${name.key}`
    const found = open.get(id) ?? find(name)
    open.set(id, found)
    return found
  }
  return {
    async read(name) {
      const found = await session(name)
      const { value } = await found.record
      return found.change ? found.value : value
    },
    async write(name, value) {
      const found = await session(name)
      const json = value === undefined || value === null ? undefined : packSession(value)
      found.value = value ?? undefined
      found.change = { json }
    },
    async writes() {
      const all: Write[] = []
      for (const each of await Promise.all(open.values())) {
        if (!each.change) continue
        const { version, json } = await each.record
        // It was looked at, and is as it was.
        if (each.change.json === json && ttlSeconds === undefined) continue
        if (version === '' && json !== each.change.json && each.indexed) {
          const { chat, name } = each.indexed
          if (each.isOfShard) all.push(...indexWrites(keys, chat, name))
          else await noteInIndex({ redis, keys }, chat, name)
        }
        const change = {
          key: each.key,
          ...each.change,
          version: `${turn.turnId}.${turn.conflicts}`,
          ttlSeconds,
        }
        if (each.isVersioned) all.push(...sessionWrites({ ...change, expected: version }))
        else {
          const isOvertaken = (await readSession(redis, each.key)).version !== version
          if (isOvertaken) tally.count('chatlane_sessions_overwritten_total', { bot: botId })
          if (each.isOfShard) all.push(...sessionWrites(change))
          else await writeSessionNow(redis, change)
        }
      }
      return all
    },
  }
}
