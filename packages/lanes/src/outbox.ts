/** The outbox of a chat: deliveries in order, and the attempts at sending them. */
import { type RedisClient, seriesOf } from '@chatlane/runtime'
import type { Keys } from './names.ts'
import { scripts } from './scripts.ts'
import type { Delivery, DeliveryClass } from './turn-end.ts'

/** A chat of a bot, whatever the place. */
export interface ChatName {
  botId: string
  homeId: string
}

/** A delivery as the sender gets it. */
export interface OutgoingDelivery extends Delivery {
  /** When it entered the outbox, on Redis's clock. */
  atMs: number
}

/** How long an unanswered attempt may still change its outcome: Telegram's client timeout and a second. */
export const ATTEMPT_MS = 16_000
/** How long an attempt stands that never was handed over: longer than a grant may be used. */
const INTENT_MS = 2000
/** How often a delivery of unknown outcome is posted again (contract, promise 3). */
const MOST_REPEATS = 3

/** What noting an attempt came to. */
export type Attempt =
  | { kind: 'empty' }
  | { kind: 'held'; ms: number }
  /** Its outcome stayed unknown too often: it becomes a dead letter. */
  | { kind: 'spent'; delivery: OutgoingDelivery }
  /** `repeats`: the how-many-th repeat of an unknown outcome this is; `tries`: how often it came back unsent. */
  | { kind: 'send'; delivery: OutgoingDelivery; repeats: number; tries: number }

/** What became of an attempt: `done` leaves the outbox; `unknown` stands until it can no longer change. */
export type AttemptResult =
  | { kind: 'done' | 'again' | 'unknown'; countAs?: string }
  | { kind: 'replace'; payload: string; countAs?: string }

/** The calls on outboxes. Each is one Lua call and safe to repeat. */
export interface Outbox {
  /** Adds a delivery that belongs to no turn; answers the class of the chat's head. */
  post(chat: ChatName, delivery: Delivery): Promise<string>
  attempt(chat: ChatName, token: string): Promise<Attempt>
  /** Notes that the attempt's request leaves in this instant; false where the attempt is another's by now. */
  handOver(chat: ChatName, token: string): Promise<boolean>
  /** Answers the class of the chat's next delivery ('' for none), or `stale` where another took over. */
  note(
    chat: ChatName,
    options: { token: string; delivery: OutgoingDelivery; result: AttemptResult },
  ): Promise<{ stale: boolean; next: string }>
  /** The classes of the heads of chats of one shard. */
  heads(chats: readonly ChatName[]): Promise<string[]>
}

/** The outboxes under `keys`. `attemptMs`: how long an unanswered attempt's outcome may still change (16 s). */
export function createOutbox(options: { redis: RedisClient; keys: Keys; attemptMs?: number }): Outbox {
  const { redis, keys, attemptMs = ATTEMPT_MS } = options
  const chatText = (chat: ChatName) => `${chat.botId}:${chat.homeId}`
  const outKeys = (chat: ChatName) => [
    keys.ofChat(chat, 'out'),
    keys.ofChat(chat, 'outm'),
    keys.ofShard(keys.shardOf(chat), 'outdirty'),
  ]
  const tally = (chat: ChatName) => keys.ofShard(keys.shardOf(chat), 'tally')
  return {
    async post(chat, delivery) {
      const args = [chatText(chat), delivery.id, delivery.class, delivery.place, delivery.payload]
      return String(await scripts.post(redis, outKeys(chat), args))
    },
    async attempt(chat, token) {
      const countAs = seriesOf('chatlane_deliveries_repeated_total', { bot: chat.botId })
      const answer = (await scripts.attempt(
        redis,
        [...outKeys(chat), tally(chat)],
        [token, Math.min(INTENT_MS, attemptMs), MOST_REPEATS, chatText(chat), countAs],
      )) as [string, string | number, number, number]
      const [kind, first, repeats = 0, tries = 0] = answer
      if (kind === 'empty') return { kind }
      if (kind === 'held') return { kind, ms: Number(first) }
      const delivery = readDelivery(String(first))
      return kind === 'spent' ? { kind, delivery } : { kind: 'send', delivery, repeats, tries }
    },
    async handOver(chat, token) {
      return (await scripts.handOver(redis, [keys.ofChat(chat, 'outm')], [token, attemptMs])) === 1
    },
    async note(chat, { token, delivery, result }) {
      const replacement =
        result.kind === 'replace' ? writeDelivery({ ...delivery, payload: result.payload }) : ''
      const answer = (await scripts.note(
        redis,
        [...outKeys(chat), tally(chat)],
        [token, result.kind, chatText(chat), result.countAs ?? '', replacement, attemptMs],
      )) as [string, string]
      return { stale: answer[0] === 'stale', next: answer[1] }
    },
    async heads(chats) {
      if (chats.length === 0) return []
      return (await scripts.heads(
        redis,
        chats.map((chat) => keys.ofChat(chat, 'out')),
        [],
      )) as string[]
    },
  }
}

function readDelivery(member: string): OutgoingDelivery {
  const match = /^([^|]*)\|(\d)\|([^|]*)\|(\d+)\|(.*)$/s.exec(member)
  if (!match) throw new Error('a delivery of an outbox is not readable')
  const [, id = '', kind = '', place = '', atMs = '', payload = ''] = match
  return { id, class: Number(kind) as DeliveryClass, place, atMs: Number(atMs), payload }
}

function writeDelivery(delivery: OutgoingDelivery): string {
  return `${delivery.id}|${delivery.class}|${delivery.place}|${delivery.atMs}|${delivery.payload}`
}
