/** Erases what is kept of a chat: queued updates and deliveries, previews, stops, sessions, dead letters' contents. */
import type { RedisClient } from '@chatlane/runtime'
import { indexedChatKeys } from './chat-index.ts'
import { findChatKeys, placesOf } from './chat-keys.ts'
import { type Keys, type LaneName, laneText } from './names.ts'
import { type ChatName, deliveryArguments } from './outbox.ts'
import { scripts } from './scripts.ts'
import type { Delivery, Write } from './turn-end.ts'

/** What was erased. */
export interface Erased {
  updates: number
  deliveries: number
  /** The class of the chat's next delivery, '' where there is none: the chat must be readied. */
  outClass: string
}

/** A write that an erasure can make. */
export type ErasingWrite = Write & { command: Exclude<Write['command'], 'guard' | 'expect'> }

/** What stays: ids of updates, so that what Telegram delivers again is not answered anew; the operator's own pause. */
const KEPT = ['seen', 'paused']

/** So many keys go in the one step; sessions of a large group's members may be more, and go after it. */
const MOST_AT_ONCE = 1000

/**
 * Erases every key of `chat` but the ids of its updates and its pause; turns in progress leave nothing behind. Instead
 * of being deleted the keys of the `writes` of a lane are written to. The budgets, and whom the bot can reach, stay.
 * Answers 'stale', having erased nothing, where the turn that asks for it was replaced.
 */
export async function eraseChat(options: {
  redis: RedisClient
  keys: Keys
  chat: ChatName
  writes(lane: LaneName): readonly ErasingWrite[]
  /**
   * Where its keys are looked for. `everywhere` walks all of Redis: for an operator. `index` finds what the chat's index
   * names, quickly, and leaves what it never named: answers of calls that no turn made, for an hour.
   */
  lookIn: 'everywhere' | 'index'
  /** What the chat is told once all is gone, in the same step. */
  deliveries?: readonly Delivery[]
  /** The turn that asks for it: where it is no longer its lane's, nothing is erased. */
  turn?: { lane: LaneName; turnId: string }
}): Promise<Erased | 'stale'> {
  const { redis, keys, chat, lookIn, deliveries = [], turn } = options
  const found = await (lookIn === 'index' ? indexedChatKeys : findChatKeys)({ redis, keys, chat })
  const lanes = placesOf(found).map((place): LaneName => ({ ...chat, place }))
  const writes = lanes.flatMap((lane) => [...options.writes(lane)])
  const written = [...new Set(writes.map(({ key }) => key))]
  const shardKey = (name: string) => keys.ofShard(keys.shardOf(chat), name)
  const first = [keys.ofChat(chat, 'out'), keys.ofChat(chat, 'outm')]
  const inboxes = lanes.map((lane) => keys.ofLane(lane, 'in'))
  // Of what a turn in progress may write to, every key goes, also one that was not there when the keys were looked for.
  const ofTurns = [...lanes.map((lane) => keys.ofLane(lane, 'turn')), keys.ofChat(chat, 'outv')]
  const mayGo = found.filter(({ name }) => !KEPT.includes(name)).map(({ key }) => key)
  const going = new Set([...ofTurns, ...mayGo])
  for (const key of [...first, ...inboxes, ...written]) going.delete(key)
  const others = [...going].slice(0, MOST_AT_ONCE)
  const [updates, erased, outClass] = (await scripts.erase(
    redis,
    [
      ...first,
      ...['outdirty', 'dirty', 'turns'].map(shardKey),
      keys.ofLane(turn?.lane ?? { ...chat, place: '' }, 'turn'),
      ...inboxes,
      ...others,
      ...written,
    ],
    [
      `${chat.botId}:${chat.homeId}`,
      shardKey('call:'),
      turn?.turnId ?? '',
      lanes.length,
      ...lanes.map(laneText),
      others.length,
      writes.length,
      ...writes.flatMap(({ command, key, args }) => [
        command,
        written.indexOf(key) + 1,
        args.length,
        ...args,
      ]),
      deliveries.length,
      ...deliveries.flatMap(deliveryArguments),
    ],
  )) as [number, number, string]
  if (updates < 0) return 'stale'
  for (let from = MOST_AT_ONCE; from < going.size; from += MOST_AT_ONCE)
    await redis.unlink(...[...going].slice(from, from + MOST_AT_ONCE))
  return { updates, deliveries: erased, outClass }
}
