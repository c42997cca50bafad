/** Where chats live: a chat's home id names its keys for ever; its address is today's id. */
import { durableStep, type RedisClient } from '@chatlane/runtime'
import type { Keys } from './names.ts'

/** The homes and addresses of chats that migrated to a supergroup. */
export interface Homes {
  /** The home of the chat that now has `chatId`. */
  homeOf(botId: string, chatId: string): Promise<string>
  /** Today's id of the chat with `homeId`. */
  addressOf(botId: string, homeId: string): Promise<string>
  /** Notes that `from` is now `to`. Safe to repeat; must be done before the update that tells of it is appended. */
  noteMigration(botId: string, migration: { from: string; to: string }): Promise<void>
}

/** Only such ids can be what a group migrated to. */
const isSupergroup = (chatId: string) => chatId.startsWith('-100')
const isGroup = (chatId: string) => chatId.startsWith('-')

/** Homes kept in Redis under each bot. Private chats are never looked up: they do not migrate. */
export function createHomes(options: { redis: RedisClient; keys: Keys }): Homes {
  const { redis, keys } = options
  const homes = (botId: string) => `${keys.bot(botId)}:homes`
  const addresses = (botId: string) => `${keys.bot(botId)}:addresses`
  const homeOf: Homes['homeOf'] = async (botId, chatId) =>
    isSupergroup(chatId) ? ((await redis.hget(homes(botId), chatId)) ?? chatId) : chatId
  return {
    homeOf,
    addressOf: async (botId, homeId) =>
      isGroup(homeId) ? ((await redis.hget(addresses(botId), homeId)) ?? homeId) : homeId,
    async noteMigration(botId, { from, to }) {
      const home = await homeOf(botId, from)
      await durableStep('note-address', () => redis.hset(addresses(botId), home, to))
      await durableStep('note-home', () => redis.hset(homes(botId), to, home))
    },
  }
}
