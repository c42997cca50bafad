/** Remembers which call an `Idempotency-Key` belongs to, and the answers that no outbox remembers. */
import type { Keys } from '@chatlane/lanes'
import { type Log, type RedisClient, sleep } from '@chatlane/runtime'
import type { BotAnswer } from '@chatlane/telegram'
import { STILL_OPEN } from './refusals.ts'

/** For so long a repeated call gets the first one's answer (contract). */
export const KEPT_SECONDS = 24 * 3600
/** Longer than any call takes: the first of a process that died is then made anew. */
const OPEN_SECONDS = 260
/** For so long the answer of another process is waited for. */
const AWAITED_MS = 20_000
const LOOK_EVERY_MS = 100

/** A call under a key. */
export interface KeyedCall {
  botId: string
  /** Of the key. */
  digest: string
  /** What the key may be used for: the method and the chat. */
  purpose: string
}

/** An answer, and whether it is what a repeated call is to get. */
export interface MadeAnswer {
  answer: BotAnswer
  isKept: boolean
}

/** The keys of all callers. Rejects where Redis does not answer. */
export interface IdempotencyKeys {
  /** Whether the key is new, or was used for the same. */
  isFree(call: KeyedCall): Promise<boolean>
  /** The answer of the first call under the key; `make` makes it where there is none yet. */
  once(call: KeyedCall, make: () => Promise<MadeAnswer>): Promise<BotAnswer>
}

/** Keys kept in Redis under each bot. */
export function createIdempotencyKeys(parts: { redis: RedisClient; keys: Keys; log: Log }): IdempotencyKeys {
  const { redis, keys, log } = parts
  const keyOf = ({ botId, digest }: KeyedCall) => `${keys.bot(botId)}:once:${digest}`
  const open = new Map<string, Promise<BotAnswer>>()
  const keep = async (key: string, { answer, isKept }: MadeAnswer) => {
    const kept = isKept ? redis.set(key, JSON.stringify(answer), 'EX', KEPT_SECONDS) : redis.del(key)
    await kept.catch((error) => log.warn({ err: error }, 'the answer to a call could not be kept'))
    return answer
  }
  const makeOnce = async (key: string, make: () => Promise<MadeAnswer>): Promise<BotAnswer> => {
    for (const before = performance.now(); ; await sleep(LOOK_EVERY_MS)) {
      // Empty while the first call has no answer.
      if ((await redis.set(key, '', 'EX', OPEN_SECONDS, 'NX')) === 'OK') return keep(key, await make())
      const known = await redis.get(key)
      if (known) return JSON.parse(known) as BotAnswer
      if (performance.now() - before > AWAITED_MS) return STILL_OPEN
    }
  }
  return {
    async isFree(call) {
      const { purpose } = call
      if ((await redis.set(keyOf(call), purpose, 'EX', KEPT_SECONDS, 'NX')) === 'OK') return true
      return ((await redis.get(keyOf(call))) ?? purpose) === purpose
    },
    once(call, make) {
      const key = `${keyOf(call)}:answer`
      const joined = open.get(key)
      if (joined) return joined
      const made = makeOnce(key, make).finally(() => open.delete(key))
      open.set(key, made)
      return made
    },
  }
}
