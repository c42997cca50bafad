/** The outbox of a chat: deliveries in order, the previews of what is being written, and the attempts at sending them. */
import { type RedisClient, seriesOf } from '@chatlane/runtime'
import { seal, unseal } from './format.ts'
import type { Keys, LaneName } from './names.ts'
import { scripts } from './scripts.ts'
import type { Delivery, DeliveryClass } from './turn-end.ts'

/** A chat of a bot, whatever the place. */
export interface ChatName {
  botId: string
  homeId: string
}

/** What a stream shows, for the one who makes its calls. */
export interface StreamView {
  /** The newest state that was published and its number; undefined where the stream has ended. */
  state: { number: string; payload: string } | undefined
  /** What the last note said that the stream shows; '' before anything is shown. */
  record: string
  /** No previews of it any more. */
  isOff: boolean
  /** A message of it may have been posted that nobody knows. */
  isLost: boolean
}

/** A delivery as the sender gets it. */
export interface OutgoingDelivery extends Delivery {
  items: number
  /** '' for none. */
  stream: string
  /** When it entered the outbox, on Redis's clock. */
  atMs: number
}

/** How long an unanswered attempt may still change its outcome: Telegram's client timeout and a second. */
export const ATTEMPT_MS = 16_000
/** How long an attempt stands that never was handed over: longer than a grant may be used. */
const INTENT_MS = 2000
/** How often a delivery of unknown outcome is posted again (contract, promise 3). */
const MOST_REPEATS = 3
/** How long it is remembered what a stream shows: longer than any update waits to be answered. */
const VIEW_SECONDS = 26 * 3600

/** How long an answer is kept for a turn that may be begun anew: longer than any handler runs. */
export const ANSWER_SECONDS = 3600

/** What noting an attempt came to. */
export type Attempt =
  | { kind: 'empty' }
  | { kind: 'held'; ms: number }
  /** Its outcome stayed unknown too often: it becomes a dead letter. */
  | { kind: 'spent'; delivery: OutgoingDelivery }
  /** `repeats`: the how-many-th repeat of an unknown outcome this is; `tries`: how often it came back unsent. */
  | { kind: 'send'; delivery: OutgoingDelivery; view: StreamView; repeats: number; tries: number }

/**
 * What became of an attempt: `done` leaves the outbox; `unknown` stands until it can no longer change. `record`: what
 * its stream shows now, '' to forget it. `off`: its stream shows no previews any more. `hasEnded`: its stream has ended
 * with what it shows, as its place's newest reply. `answer`: what the one who waits
 * for the call is told when it is done; '-' forgets the call, so that it can be put again.
 */
export type AttemptResult = {
  countAs?: string
  record?: string
  off?: boolean
  hasEnded?: boolean
  answer?: string
} & ({ kind: 'done' | 'again' | 'unknown' } | { kind: 'replace'; payload: string })

/**
 * What publishing came to: `opened` where the chat must be readied, `waiting` where the state before was not shown yet,
 * `off` where this turn shows no previews, `stale` where the turn is no longer the lane's.
 */
export type Published = { kind: 'stale' | 'off' | 'waiting' } | { kind: 'opened'; outClass: string }

/** The calls on outboxes. Each is one Lua call and safe to repeat. */
export interface Outbox {
  /** Adds a delivery that belongs to no turn; answers the class of the chat's head. */
  post(chat: ChatName, delivery: Delivery): Promise<string>
  /** Publishes the newest state of what a turn is writing; it takes the place of the one before. */
  publish(lane: LaneName, state: { turnId: string; stream: string; payload: string }): Promise<Published>
  /** What the stream shows now. */
  view(chat: ChatName, stream: string): Promise<StreamView>
  /** What is shown, as the last notes said, of the streams of the chat that have not ended. */
  growing(chat: ChatName): Promise<string[]>
  /** Rejects with a NewerFormatError where a newer release must send it; the attempt stands until it runs out. */
  attempt(chat: ChatName, token: string): Promise<Attempt>
  /**
   * Notes that the attempt's request leaves in this instant; false where the attempt is another's by now. `repeatable`:
   * a second time changes nothing, so that an unknown outcome is no repeat. Said again, it prolongs the attempt.
   */
  handOver(chat: ChatName, token: string, options: { repeatable: boolean }): Promise<boolean>
  /** Answers the class of the chat's next delivery ('' for none), or `stale` where another took over. */
  note(
    chat: ChatName,
    options: { token: string; delivery: OutgoingDelivery; shown?: string; result: AttemptResult },
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
  const views = (chat: ChatName) => keys.ofChat(chat, 'outv')
  return {
    async post(chat, delivery) {
      return String(
        await scripts.post(redis, outKeys(chat), [chatText(chat), ...deliveryArguments(delivery)]),
      )
    },
    async publish(lane, { turnId, stream, payload }) {
      const answer = (await scripts.publish(
        redis,
        [keys.ofLane(lane, 'turn'), ...outKeys(lane), views(lane)],
        [turnId, chatText(lane), stream, lane.place, seal(payload), VIEW_SECONDS],
      )) as [Published['kind'], string]
      return answer[0] === 'opened' ? { kind: 'opened', outClass: answer[1] } : { kind: answer[0] }
    },
    async view(chat, stream) {
      const fields = [`s:${stream}`, `r:${stream}`, `off:${stream}`]
      const [state, record, off] = await redis.hmget(views(chat), ...fields)
      return readView(state ?? '', record ?? '', off ?? '')
    },
    async growing(chat) {
      const all = await redis.hgetall(views(chat))
      const streams = Object.keys(all).flatMap((field) => (field.startsWith('s:') ? [field.slice(2)] : []))
      return streams.map((stream) => unseal(all[`r:${stream}`] ?? ''))
    },
    async attempt(chat, token) {
      const countAs = seriesOf('chatlane_deliveries_repeated_total', { bot: chat.botId })
      const answer = (await scripts.attempt(
        redis,
        [...outKeys(chat), tally(chat), views(chat)],
        [token, Math.min(INTENT_MS, attemptMs), MOST_REPEATS, chatText(chat), countAs],
      )) as [string, string | number, number, number, string, string, string]
      const [kind, first, repeats = 0, tries = 0, state = '', record = '', off = ''] = answer
      if (kind === 'empty') return { kind }
      if (kind === 'held') return { kind, ms: Number(first) }
      const delivery = readDelivery(String(first))
      return kind === 'spent'
        ? { kind, delivery }
        : { kind: 'send', delivery, view: readView(state, record, off), repeats, tries }
    },
    async handOver(chat, token, { repeatable }) {
      const args = [token, attemptMs, repeatable ? 'e' : 'h']
      return (await scripts.handOver(redis, [keys.ofChat(chat, 'outm')], args)) === 1
    },
    async note(chat, { token, delivery, shown = '', result }) {
      const replacement =
        result.kind === 'replace' ? writeDelivery({ ...delivery, payload: result.payload }) : ''
      const record = result.record === '' ? '-' : seal(result.record ?? '')
      const answer = (await scripts.note(
        redis,
        [...outKeys(chat), tally(chat), views(chat), keys.ofChat(chat, `call:${delivery.id}`)],
        [
          token,
          result.kind,
          chatText(chat),
          result.countAs ?? '',
          replacement,
          attemptMs,
          shown,
          record,
          result.off ? '1' : '',
          VIEW_SECONDS,
          result.answer ?? '',
          ANSWER_SECONDS,
          result.hasEnded ? '1' : '',
        ],
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

/** A delivery as the scripts that push it take it. */
export function deliveryArguments(delivery: Delivery): (string | number)[] {
  const { id, items = 1, stream = '', place, payload } = delivery
  return [id, delivery.class, items, stream, place, seal(payload)]
}

function readView(state: string, record: string, off: string): StreamView {
  const at = state.indexOf('|')
  return {
    state: at < 0 ? undefined : { number: state.slice(0, at), payload: unseal(state.slice(at + 1)) },
    record: unseal(record),
    isOff: off !== '',
    isLost: off === 'lost',
  }
}

/** A delivery as the outbox keeps it. Throws on what no delivery is, a NewerFormatError on what a newer release wrote. */
export function readDelivery(member: string): OutgoingDelivery {
  const match = /^([^|]*)\|(\d)\|(\d+)\|([^|]*)\|([^|]*)\|(\d+)\|(.*)$/s.exec(member)
  if (!match) throw new Error('a delivery of an outbox is not readable')
  const [, id = '', kind = '', items = '', stream = '', place = '', atMs = '', payload = ''] = match
  return {
    id,
    class: Number(kind) as DeliveryClass,
    items: Number(items),
    stream,
    place,
    atMs: Number(atMs),
    payload: unseal(payload),
  }
}

function writeDelivery(delivery: OutgoingDelivery): string {
  const { id, items, stream, place, atMs, payload } = delivery
  return `${id}|${delivery.class}|${items}|${stream}|${place}|${atMs}|${seal(payload)}`
}
