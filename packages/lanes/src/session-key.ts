/** Where the sessions of authors' handlers are kept. */
import type { Keys } from './names.ts'

/** What a session is known by. */
export interface SessionName {
  botId: string
  /** The chat's home id; for a key that the author's code chose, that key. */
  homeId: string
  /** The user whose session it is in the chat; undefined for a key that the author's code chose. */
  userId?: string | undefined
  /** Where the context shows it: each property has sessions of its own. Default `session`. */
  property?: string
}

/** The key of a session, in its chat's shard: it moves and is erased with the chat. */
export function sessionKey(keys: Keys, { userId, property = 'session', ...home }: SessionName): string {
  return keys.ofChat(home, sessionName({ userId, property }))
}

/** The name of a session's key, as `ofChat` is given it. */
export function sessionName({
  userId,
  property = 'session',
}: Pick<SessionName, 'userId' | 'property'>): string {
  const kind = property === 'session' ? 'sess' : `sess~${property}`
  return userId === undefined ? kind : `${kind}:${userId}`
}

/** Whether `name`, as `ofChat` was given it, is one of sessions. */
export function isSessionName(name: string): boolean {
  return /^sess(~[^:]*)?(:|$)/s.test(name)
}
