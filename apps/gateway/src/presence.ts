/** Remembers that a gateway of a bot is alive, so that pending updates are dropped only after a real absence. */
import type { Keys } from '@chatlane/lanes'
import type { Log, RedisClient, Running } from '@chatlane/runtime'

/** A bot without a gateway for so long may have its pending updates dropped, where the operator wishes it. */
const ABSENT_SECONDS = 120
const BEAT_MS = 5000

/** The presence of this gateway. */
export interface Presence extends Running {
  /** Whether what is pending of the bot is to be dropped: wished for, and not yet done by anyone since the absence. */
  mayDrop(botId: string): boolean
  dropped(botId: string): void
}

/** Says that this process is alive for each of `botIds`, and finds out which bots had no gateway before. */
export async function announcePresence(options: {
  redis: RedisClient
  keys: Keys
  botIds: readonly string[]
  dropPending: boolean
  log: Log
}): Promise<Presence> {
  const { redis, keys, botIds, dropPending, log } = options
  const key = (botId: string) => `${keys.bot(botId)}:gateway`
  const absent = new Set<string>()
  for (const botId of botIds) {
    // Of gateways that start together only one finds the key missing.
    const isFirst = (await redis.set(key(botId), '1', 'EX', ABSENT_SECONDS, 'NX')) === 'OK'
    if (isFirst && dropPending) absent.add(botId)
  }
  const beat = async () => {
    for (const botId of botIds) await redis.set(key(botId), '1', 'EX', ABSENT_SECONDS)
  }
  const timer = setInterval(
    () => beat().catch((error) => log.debug({ err: error }, 'a sign of life')),
    BEAT_MS,
  )
  return {
    mayDrop: (botId) => absent.has(botId),
    dropped: (botId) => void absent.delete(botId),
    async stop() {
      clearInterval(timer)
    },
  }
}
