/** Calls whose answers someone waits for: put into an outbox like any delivery, answered when the sender has the answer. */
import type { Log, RedisClient, Running } from '@chatlane/runtime'
import type { Budget } from './budget.ts'
import { type HeldUpload, serveUploads } from './held-uploads.ts'
import type { Mailbox } from './mailbox.ts'
import type { Keys, LaneName } from './names.ts'
import { type ChatName, deliveryArguments } from './outbox.ts'
import { scripts } from './scripts.ts'
import type { Delivery } from './turn-end.ts'

/** A call for the outbox of a chat. Putting the same id again joins the first. */
export interface OutboxCall {
  chat: ChatName
  delivery: Delivery
  /** The turn that makes it: once it was replaced, it makes none any more. Without: a call of no turn. */
  turn?: { lane: LaneName; turnId: string }
  /** How long its answer is remembered; the call without one at least as long. Default an hour, and 26 hours. */
  keptSeconds?: number
  /** Nobody will put it again: it is forgotten with its answer. */
  isForgotten?: boolean
  /** Sends the bytes that never enter Redis, when the sender says so, and tells what became of it. */
  upload?: () => Promise<string>
}

/**
 * How a call ended. `paused`: Telegram wants no calls to the chat for longer than anyone waits; it was taken back.
 * `lost`: it was forgotten (its chat was erased) before it had an answer.
 */
export type CallEnd = { kind: 'answered'; answer: string } | { kind: 'paused'; ms: number } | { kind: 'lost' }

/** What putting a call came to: `stale` where its turn was replaced, else it is durable. */
export type PutCall = { kind: 'stale' } | { kind: 'durable'; end: Promise<CallEnd> }

/** The calls of this process. */
export interface Calls extends Running {
  put(call: OutboxCall): Promise<PutCall>
}

/** What calls need. */
export interface CallsParts {
  redis: RedisClient
  keys: Keys
  mailbox: Mailbox
  budgets: ReadonlyMap<string, Budget>
  /** Readies the chat in its outbox. */
  readyOutbox(chat: ChatName, headClass: string): Promise<void>
  log: Log
  /** A longer pause is not waited for. Default 60 s. */
  longestPauseMs?: number
}

const KEPT_SECONDS = 26 * 3600
const LONGEST_PAUSE_MS = 60_000
/** So often is looked for answers that were told to nobody, and for pauses. */
const LOOK_EVERY_MS = 1000

/** So many calls are looked at at once: a bot may have thousands that wait for their turn. */
const MOST_LOOKED_AT = 50

interface Waiting extends HeldUpload {
  call: OutboxCall
  /** Since it was put; a call whose put has no answer yet is nothing that could be looked for. */
  sinceMs: number
  end(end: CallEnd): void
}

/** Calls through the outboxes under `keys`. `stop` leaves those that wait to whoever runs their turn next. */
export function createCalls(parts: CallsParts): Calls {
  const { redis, keys, mailbox, log, longestPauseMs = LONGEST_PAUSE_MS } = parts
  const waiting = new Map<string, Set<Waiting>>()
  const callKey = ({ chat, delivery }: OutboxCall) => keys.ofChat(chat, `call:${delivery.id}`)
  const outKeys = (chat: ChatName) => [
    keys.ofChat(chat, 'out'),
    keys.ofChat(chat, 'outm'),
    keys.ofShard(keys.shardOf(chat), 'outdirty'),
  ]
  const endAll = (name: string, end: CallEnd) => {
    const ended = waiting.get(name)
    waiting.delete(name)
    for (const each of ended ?? []) each.end(end)
  }
  mailbox.on('answer', (text) => {
    const [chat = '', id = ''] = text.split('|', 2)
    const answer = text.slice(chat.length + id.length + 2)
    endAll(`${chat}|${id}`, { kind: 'answered', answer })
  })
  serveUploads({ redis, keys, mailbox, log }, (name) =>
    [...(waiting.get(name) ?? [])].find(({ call }) => call.upload),
  )
  const look = async (name: string, each: Waiting) => {
    const { call } = each
    const [waiter, answer] = await redis.hmget(callKey(call), 'w', 'a')
    if (answer) return endAll(name, { kind: 'answered', answer })
    if (!waiter) return endAll(name, { kind: 'lost' })
    const pausedMs = (await parts.budgets.get(call.chat.botId)?.pausedMs(call.chat.homeId)) ?? 0
    if (pausedMs <= longestPauseMs) return
    const args = [chatText(call.chat), call.delivery.id]
    const isTaken = await scripts.cancel(redis, [...outKeys(call.chat), callKey(call)], args)
    if (isTaken === 1) endAll(name, { kind: 'paused', ms: pausedMs })
  }
  const lookAtOldest = async () => {
    const before = performance.now() - LOOK_EVERY_MS
    const due = [...waiting].filter(([, [first]]) => first && first.sinceMs < before).slice(0, MOST_LOOKED_AT)
    await Promise.all(
      due.map(async ([name, all]) => {
        // To the end, so that all are looked at in turn however many there are.
        waiting.delete(name)
        waiting.set(name, all)
        const [first] = all
        if (first) await look(name, first)
      }),
    )
  }
  const timer = setInterval(() => {
    lookAtOldest().catch((error) => log.warn({ err: error }, 'the answers to calls could not be read'))
  }, LOOK_EVERY_MS)
  const wait = (name: string, call: OutboxCall) => {
    const { promise, resolve } = Promise.withResolvers<CallEnd>()
    const mine: Waiting = { call, sinceMs: Number.POSITIVE_INFINITY, end: resolve }
    const all = waiting.get(name) ?? new Set()
    waiting.set(name, all.add(mine))
    const giveUp = () => {
      all.delete(mine)
      if (all.size === 0) waiting.delete(name)
    }
    const hasBeenPut = () => {
      mine.sinceMs = performance.now()
    }
    return { end: promise, giveUp, hasBeenPut }
  }
  return {
    async put(call) {
      const { chat, delivery, turn, keptSeconds } = call
      const isOfShard = turn !== undefined && keys.shardOf(turn.lane) === keys.shardOf(chat)
      if (turn && !isOfShard) {
        const noted = await noteInJournal(
          { redis, keys },
          { ...turn, field: delivery.id, value: chatText(chat) },
        )
        if (noted === undefined) return { kind: 'stale' }
      }
      // Before it is put: its answer may be told before the put's own answer is read.
      const name = `${chatText(chat)}|${delivery.id}`
      const { end, giveUp, hasBeenPut } = wait(name, call)
      const turnKeys = isOfShard ? [keys.ofLane(turn.lane, 'turn'), keys.ofLane(turn.lane, 'journal')] : []
      const put = (await scripts
        .call(
          redis,
          [...outKeys(chat), callKey(call), ...turnKeys],
          [
            chatText(chat),
            mailbox.address,
            Math.max(KEPT_SECONDS, keptSeconds ?? 0),
            turn?.turnId ?? '',
            ...deliveryArguments(delivery),
            // A turn of the same shard forgets its calls with its commit; until then it may run again.
            keptSeconds ?? (isOfShard ? KEPT_SECONDS : ''),
          ],
        )
        .catch((error: Error) => {
          giveUp()
          throw error
        })) as [string, string]
      hasBeenPut()
      if (put[0] === 'stale') {
        giveUp()
        return { kind: 'stale' }
      }
      if (put[0] === 'answered') endAll(name, { kind: 'answered', answer: put[1] })
      else
        await parts
          .readyOutbox(chat, put[1])
          .catch((error) => log.error({ err: error, chat: chatText(chat) }, 'a chat was not readied'))
      if (call.isForgotten) {
        const forget = () => redis.unlink(callKey(call))
        void end.then(forget).catch((error) => log.debug({ err: error }, 'a call was not forgotten'))
      }
      return { kind: 'durable', end }
    },
    async stop() {
      clearInterval(timer)
    },
  }
}

/** How long a turn's journal is kept: as long as the update that it belongs to may be tried again. */
const JOURNAL_SECONDS = 26 * 3600

/** Notes `value` under a turn, once; answers the value that stands, undefined where the turn was replaced. */
export async function noteInJournal(
  { redis, keys }: { redis: RedisClient; keys: Keys },
  note: { lane: LaneName; turnId: string; field: string; value: string },
): Promise<string | undefined> {
  const { lane, turnId, field, value } = note
  const answer = (await scripts.journal(
    redis,
    [keys.ofLane(lane, 'turn'), keys.ofLane(lane, 'journal')],
    [turnId, field, value, JOURNAL_SECONDS],
  )) as [string, string]
  return answer[0] === 'stale' ? undefined : answer[1]
}

function chatText({ botId, homeId }: ChatName): string {
  return `${botId}:${homeId}`
}
