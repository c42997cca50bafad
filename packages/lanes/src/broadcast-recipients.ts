/** The recipients of a bot's active broadcast, one call at a time, for the pump that makes it. */
import type { RedisClient } from '@chatlane/runtime'
import { seal, unseal } from './format.ts'
import type { Keys } from './names.ts'
import type { ChatName } from './outbox.ts'
import { scripts } from './scripts.ts'

/** What noting an attempt came to. */
export type RecipientAttempt =
  /** The chat is no recipient, or not any more. */
  | { kind: 'none' }
  /** Another sender may be about to call it: ask again after `ms`. */
  | { kind: 'held'; ms: number }
  /** A sender died between its request and the answer: the recipient is listed as unknown and not called again. */
  | { kind: 'unknown'; broadcastId: string }
  /** `isPaid`: the call is to be made as a paid broadcast. `tries`: how often it came back unsent. */
  | { kind: 'send'; broadcastId: string; payload: string; isPaid: boolean; tries: number }

/** What became of a call. `again` and `replace` call the recipient again, with the latter's payload for everyone left. */
export type RecipientResult =
  | { kind: 'sent' | 'blocked' | 'failed' | 'unknown' | 'again' }
  | { kind: 'replace'; payload: string }

/** The calls of a pump. Each is one Lua call and safe to repeat. */
export interface Recipients {
  attempt(chat: ChatName, token: string): Promise<RecipientAttempt>
  /** Notes that the attempt's request leaves in this instant; false where the attempt is another's by now. */
  handOver(chat: ChatName, token: string): Promise<boolean>
  /** False where another took over, or the recipient was settled before. */
  note(
    chat: ChatName,
    options: { broadcastId: string; token: string; result: RecipientResult },
  ): Promise<boolean>
}

/** How long an attempt stands that never was handed over: longer than a grant may be used. */
const INTENT_MS = 2000

/** The recipients under `keys`. `intentMs`: how long an attempt stands that was not handed over (2 s). */
export function createRecipients(options: { redis: RedisClient; keys: Keys; intentMs?: number }): Recipients {
  const { redis, keys, intentMs = INTENT_MS } = options
  // All recipients get the same: it is fetched once for each broadcast, not once for each recipient.
  const payloads = new Map<string, { version: string; payload: string }>()
  return {
    async attempt({ botId, homeId }, token) {
      const known = payloads.get(botId)
      const args = [homeId, token, intentMs, known?.version ?? '']
      const answer = (await scripts.broadcastAttempt(redis, [keys.bot(botId)], args)) as string[]
      const [kind, first = '', revision, paid, tries, sent] = answer
      if (kind === 'held') return { kind, ms: Number(first) }
      if (kind === 'unknown') return { kind, broadcastId: first }
      if (kind !== 'send') return { kind: 'none' }
      const version = `${first}|${revision}`
      const payload = known?.version === version ? known.payload : unseal(sent ?? '')
      payloads.set(botId, { version, payload })
      return { kind, broadcastId: first, payload, isPaid: paid !== '', tries: Number(tries) }
    },
    async handOver({ botId, homeId }, token) {
      return (await scripts.broadcastHandOver(redis, [keys.bot(botId)], [homeId, token])) === 1
    },
    async note({ botId, homeId }, { broadcastId, token, result }) {
      const payload = result.kind === 'replace' ? seal(result.payload) : ''
      const args = [homeId, broadcastId, token, result.kind, payload]
      return (await scripts.broadcastNote(redis, [keys.bot(botId)], args)) === 1
    },
  }
}
