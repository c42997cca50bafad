/** Stores sessions where the platform's workers look for them. */
import { randomBytes } from 'node:crypto'
import { packSession, SessionTooLargeError, writeSessionNow } from '@chatlane/chats'
import { counted, quoted } from '@chatlane/command'
import type { RedisClient } from '@chatlane/runtime'
import type { BringTerminal } from './bring-terminal.ts'
import { type PlaceParts, placeOfSession } from './session-place.ts'
import type { FoundSession, FoundSessions } from './session-sources.ts'

/** What bringing sessions needs. */
export interface SessionParts extends PlaceParts {
  redis: RedisClient
  terminal: BringTerminal
  /** Undefined: they never expire. */
  ttlSeconds: number | undefined
  /** Whether those that are there already give way. */
  mayReplace: boolean
}

/** What became of one. */
type Outcome = 'brought' | 'kept' | 'skipped'

/** Brings all of `found`. Answers whether all could be brought or were there already. */
export async function bringSessions(parts: SessionParts, found: FoundSessions): Promise<boolean> {
  const { botId, terminal } = parts
  const counts: Record<Outcome, number> = { brought: 0, kept: 0, skipped: 0 }
  let done = 0
  const progress = terminal.progress('sessions')
  try {
    for await (const { portion, all } of found) {
      for (const outcome of await Promise.all(portion.map((each) => bring(parts, each)))) counts[outcome]++
      done += portion.length
      progress.show(done, all, done)
    }
  } finally {
    progress.end()
  }
  const notes = [
    ...(counts.kept > 0
      ? [`${counts.kept.toLocaleString('en-US')} were there already (--replace brings them)`]
      : []),
    ...(counts.skipped > 0 ? [`${counts.skipped.toLocaleString('en-US')} skipped`] : []),
  ]
  terminal.say([`${counted(counts.brought, 'session')} of bot ${botId} brought`, ...notes].join('; '))
  return counts.skipped === 0
}

async function bring(parts: SessionParts, found: FoundSession): Promise<Outcome> {
  const skip = (why: string): Outcome => {
    parts.terminal.complain(`${found.where}: session ${quoted(found.id)} ${why}`)
    return 'skipped'
  }
  if (found.problem !== undefined) return skip(`can't be read: ${found.problem}`)
  if (found.data === undefined || found.data === null) return skip('has no data')
  let json: string
  try {
    json = packSession(found.data)
  } catch (error) {
    if (error instanceof SessionTooLargeError) return skip(`is too large: ${error.message}`)
    throw error
  }
  return (await store(parts, found.id, json)) ? 'brought' : 'kept'
}

async function store(parts: SessionParts, id: string, json: string): Promise<boolean> {
  const { redis, mayReplace, ttlSeconds } = parts
  const key = await placeOfSession(parts, id)
  // A worker may be writing the same one: whoever is first is not overwritten.
  if (!mayReplace && (await redis.hsetnx(key, 'd', json)) === 0) return false
  await writeSessionNow(redis, { key, json, version: randomBytes(8).toString('hex'), ttlSeconds })
  return true
}
