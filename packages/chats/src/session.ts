/** Sessions of authors' handlers: JSON under a version, so that a commit notices what changed meanwhile. */
import type { RedisClient } from '@chatlane/runtime'
import type { ChatWrite } from './chat-write.ts'

/** A session as it is stored. */
export interface SessionRecord {
  /** Undefined where there is none. */
  value: unknown
  /** The value as it is stored. */
  json: string | undefined
  /** Differs after every write; '' where there is none. */
  version: string
}

/** A change of a session. */
export interface SessionChange {
  key: string
  /** As `packSession` made it; undefined removes the session. */
  json: string | undefined
  version: string
  /** Undefined: it never expires. */
  ttlSeconds: number | undefined
  /** The version that must still stand. */
  expected?: string
}

/** The largest session, in bytes of JSON: it is read and written with every update. */
export const SESSION_MAX_BYTES = 64 * 1024

/** A session is larger than {@link SESSION_MAX_BYTES}. */
export class SessionTooLargeError extends Error {
  readonly code = 'SESSION_TOO_LARGE'

  constructor(bytes: number) {
    super(`a session of ${bytes} bytes is more than the ${SESSION_MAX_BYTES} that are kept`)
    this.name = 'SessionTooLargeError'
  }
}

/** Reads a session: one call to Redis. */
export async function readSession(redis: RedisClient, key: string): Promise<SessionRecord> {
  const [version, json] = await redis.hmget(key, 'v', 'd')
  return { value: json ? JSON.parse(json) : undefined, json: json ?? undefined, version: version ?? '' }
}

/** A session as JSON. Throws a SessionTooLargeError. */
export function packSession(value: unknown): string {
  const json = JSON.stringify(value)
  const bytes = Buffer.byteLength(json)
  if (bytes > SESSION_MAX_BYTES) throw new SessionTooLargeError(bytes)
  return json
}

/** The writes of a change, for a commit. */
export function sessionWrites({ key, json, version, ttlSeconds, expected }: SessionChange): ChatWrite[] {
  const writes: ChatWrite[] =
    expected === undefined ? [] : [{ command: 'expect', key, args: ['v', expected] }]
  if (json === undefined) return [...writes, { command: 'del', key, args: [] }]
  writes.push({ command: 'hset', key, args: ['v', version, 'd', json] })
  if (ttlSeconds !== undefined) writes.push({ command: 'expire', key, args: [ttlSeconds] })
  return writes
}

/** Makes a change at once, where no commit can. */
export async function writeSessionNow(redis: RedisClient, change: SessionChange): Promise<void> {
  const { key, json, version, ttlSeconds } = change
  if (json === undefined) return void (await redis.del(key))
  await redis.hset(key, 'v', version, 'd', json)
  if (ttlSeconds !== undefined) await redis.expire(key, ttlSeconds)
}
