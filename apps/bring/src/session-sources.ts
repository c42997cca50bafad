/** Where a bot's sessions were kept: a JSON file, or a Redis of @telegraf/session. */
import { readFile } from 'node:fs/promises'
import { UsageError } from '@chatlane/command'
import { type RedisClient, scanKeys } from '@chatlane/runtime'

/** A session as it was found. */
export interface FoundSession {
  id: string
  /** Where a reader finds it, for a line about it. */
  where: string
  /** Undefined or null: there is nothing in it. */
  data: unknown
  /** Why `data` could not be read. */
  problem?: string
}

/** Sessions, a portion at a time; `all` is how many there are. */
export type FoundSessions = AsyncIterable<{ portion: FoundSession[]; all: number }>

const PORTION = 200

/** The sessions in `file`, which is read whole. Throws a UsageError where it is no file of sessions. */
export async function* sessionsInFile(file: string): FoundSessions {
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new UsageError(`${file} can't be read: ${error.message}`)
  })
  const entries = readEntries(file, text)
  for (const some of portions(entries)) {
    const portion = some.map(([id, data]) => ({
      ...{ id, data },
      // Only what can't be brought is looked up in the text.
      get where() {
        return whereIs(file, text, id)
      },
    }))
    yield { portion, all: entries.length }
  }
}

/** The sessions under `prefix`, as @telegraf/session/redis keeps them. */
export async function* sessionsInRedis(redis: RedisClient, prefix: string): FoundSessions {
  const found = await scanKeys(redis, `${prefix.replace(/[\\*?[\]^-]/g, '\\$&')}*`)
  for (const some of portions(found)) {
    const portion = await Promise.all(some.map((key) => readKey(redis, key, key.slice(prefix.length))))
    yield { portion, all: found.length }
  }
}

async function readKey(redis: RedisClient, key: string, id: string): Promise<FoundSession> {
  const where = `the key ${key}`
  try {
    const json = await redis.get(key)
    return { id, where, data: json === null ? undefined : JSON.parse(json) }
  } catch (error) {
    return { id, where, data: undefined, problem: (error as Error).message }
  }
}

function readEntries(file: string, text: string): [id: string, data: unknown][] {
  let content: unknown
  try {
    content = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    throw new UsageError(`${file} is no JSON: ${(error as Error).message}`)
  }
  const list = isObject(content) && 'sessions' in content ? content.sessions : content
  if (Array.isArray(list)) return list.map((each, index) => entryOf(file, each, index))
  if (isObject(list)) return Object.entries(list)
  throw new UsageError(`${file} holds neither { "sessions": [{ "id", "data" }] } nor { "user:chat": {…} }`)
}

function entryOf(file: string, entry: unknown, index: number): [string, unknown] {
  if (isObject(entry) && typeof entry.id === 'string' && entry.id !== '') return [entry.id, entry.data]
  throw new UsageError(`${file}: session ${index + 1} of the list has no "id": nothing was brought`)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function whereIs(file: string, text: string, id: string): string {
  const at = text.indexOf(JSON.stringify(id))
  if (at < 0) return file
  return `${file}, line ${text.slice(0, at).split('\n').length}`
}

function* portions<T>(all: readonly T[]): Iterable<T[]> {
  for (let at = 0; at < all.length; at += PORTION) yield all.slice(at, at + PORTION)
}
