/** Whom a bot can reach: the chats that talked to it, without those that blocked it. Some ten bytes a chat in Redis. */
import type { RedisClient } from '@chatlane/runtime'
import type { Keys } from './names.ts'
import { scripts } from './scripts.ts'

/** Why a chat can't be reached: `blocked` ones are remembered and skipped, `gone` ones (left, deleted) only forgotten. */
export type LeaveReason = 'blocked' | 'gone'

/** The audiences of bots. Every call is one Lua call at most, safe to repeat. Home ids are whole numbers as text. */
export interface Audience {
  /** Notes that the chat can be reached; one that had blocked the bot is no longer skipped. Calls of one tick are sent together. */
  join(botId: string, homeId: string): Promise<void>
  /** The same of many at once, some hundred at most: Redis does nothing else meanwhile. Answers how many of them are new. */
  joinAll(botId: string, homeIds: readonly string[]): Promise<number>
  leave(botId: string, homeId: string, why: LeaveReason): Promise<void>
  /** Whether broadcasts skip the chat. */
  isBlocked(botId: string, homeId: string): Promise<boolean>
  /** How many chats can be reached. */
  size(botId: string): Promise<number>
  /** How many chats are remembered as having blocked the bot. */
  blockedSize(botId: string): Promise<number>
}

/** The audiences under `keys`. */
export function createAudience(options: { redis: RedisClient; keys: Keys }): Audience {
  const { redis, keys } = options
  const joining = new Map<string, (homeId: string) => Promise<void>>()
  const joinAll: Audience['joinAll'] = async (botId, homeIds) =>
    Number(await scripts.audienceJoin(redis, [keys.bot(botId)], [...homeIds]))
  const joinsOf = (botId: string) => {
    const known = joining.get(botId)
    if (known) return known
    const join = batchPerTick(async (chats) => {
      await joinAll(botId, chats)
    })
    joining.set(botId, join)
    return join
  }
  const sizeOf = async (key: string) => Number((await redis.get(key)) ?? 0)
  return {
    join: (botId, homeId) => joinsOf(botId)(homeId),
    joinAll,
    async leave(botId, homeId, why) {
      await scripts.audienceLeave(redis, [keys.bot(botId)], [homeId, why === 'blocked' ? '1' : '0'])
    },
    async isBlocked(botId, homeId) {
      const blocked = `${keys.bot(botId)}:blk`
      const [page] = await redis.zrevrangebyscore(`${blocked}:pages`, homeId, '-inf', 'LIMIT', 0, 1)
      return page !== undefined && (await redis.sismember(`${blocked}:page:${page}`, homeId)) === 1
    },
    size: (botId) => sizeOf(`${keys.bot(botId)}:aud:size`),
    blockedSize: (botId) => sizeOf(`${keys.bot(botId)}:blk:size`),
  }
}

/** Turns of many chats end in one tick: one script notes them all. */
function batchPerTick(send: (chats: string[]) => Promise<void>): (chat: string) => Promise<void> {
  let chats: string[] = []
  let sent: Promise<void> | undefined
  return (chat) => {
    chats.push(chat)
    sent ??= new Promise((resolve) => setImmediate(resolve)).then(() => {
      const batch = chats
      chats = []
      sent = undefined
      return send(batch)
    })
    return sent
  }
}
