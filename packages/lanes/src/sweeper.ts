/** Wakes again what lost its wake-up: lanes that stay dirty, chats whose outbox nobody pumps, bots without a pump. */
import type { Log, RedisClient, Running } from '@chatlane/runtime'
import type { Budget } from './budget.ts'
import { lead } from './leader.ts'
import { type Keys, laneFromText } from './names.ts'
import type { Outbox } from './outbox.ts'
import type { Wakes } from './queues.ts'

/** How often is swept, and how old what is swept must be: what is younger has its wake-up on the way. */
export interface SweepPace {
  everyMs: number
  settledMs: number
}

const PACE: SweepPace = { everyMs: 3000, settledMs: 2000 }
const AT_ONCE = 500

/**
 * Sweeps the inbox lanes of every shard, one process per shard at a time. It walks the whole set of dirty lanes in
 * each round instead of taking its oldest part, so that a long backlog can't hide one lane that lost its wake-up.
 */
export function sweepInboxes(options: {
  redis: RedisClient
  keys: Keys
  wakes: Wakes
  log: Log
  pace?: SweepPace
}): Running {
  const { redis, keys, wakes, log, pace = PACE } = options
  return all(
    Array.from({ length: keys.shards }, (_, n) =>
      lead({
        redis,
        log,
        key: keys.ofShard(n, 'sweep-inbox'),
        everyMs: pace.everyMs,
        chore: (signal) =>
          walk({ redis, key: keys.ofShard(n, 'dirty'), settledMs: pace.settledMs, signal }, (lanes) =>
            wakes.wakeLanes(lanes.map(laneFromText)),
          ),
      }),
    ),
  )
}

/** Sweeps the outboxes of every shard, and wakes pumps of bots that have work and none. */
export function sweepOutboxes(options: {
  redis: RedisClient
  keys: Keys
  wakes: Wakes
  outbox: Outbox
  budgets: ReadonlyMap<string, Budget>
  log: Log
  pace?: SweepPace
}): Running {
  const { redis, keys, wakes, outbox, budgets, log, pace = PACE } = options
  const readyChats = async (texts: string[]) => {
    const chats = texts.map(laneChat)
    const classes = await outbox.heads(chats)
    const woken = chats.map(async (chat, index) => {
      const headClass = classes[index]
      const budget = budgets.get(chat.botId)
      if (headClass && budget && !(await budget.ready(chat.homeId, headClass))) return chat.botId
      return undefined
    })
    const pumpless = new Set((await Promise.all(woken)).filter((bot) => bot !== undefined))
    for (const bot of pumpless) await wakes.wakePump(bot, { force: true })
  }
  const shards = Array.from({ length: keys.shards }, (_, n) =>
    lead({
      redis,
      log,
      key: keys.ofShard(n, 'sweep-outbox'),
      everyMs: pace.everyMs,
      chore: (signal) =>
        walk({ redis, key: keys.ofShard(n, 'outdirty'), settledMs: pace.settledMs, signal }, readyChats),
    }),
  )
  return all(shards)
}

function laneChat(text: string): { botId: string; homeId: string } {
  const [botId = '', homeId = ''] = text.split(':')
  return { botId, homeId }
}

async function walk(
  options: { redis: RedisClient; key: string; settledMs: number; signal: AbortSignal },
  visit: (members: string[]) => Promise<void>,
): Promise<void> {
  // By Redis's clock, which stamped the members: this process's own may be wrong.
  const [seconds, micros] = await options.redis.time()
  const before = Number(seconds) * 1000 + Number(micros) / 1000 - options.settledMs
  let cursor = '0'
  do {
    const [next, flat] = await options.redis.zscan(options.key, cursor, 'COUNT', AT_ONCE)
    cursor = next
    const settled: string[] = []
    for (let i = 0; i + 1 < flat.length; i += 2) if (Number(flat[i + 1]) < before) settled.push(flat[i] ?? '')
    if (settled.length > 0) await visit(settled)
  } while (cursor !== '0' && !options.signal.aborted)
}

function all(parts: Running[]): Running {
  return { stop: async () => void (await Promise.all(parts.map((part) => part.stop()))) }
}
