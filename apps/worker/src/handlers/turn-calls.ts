/** The calls of one run of an update: put in the order in which they are made, answered as Telegram answered. */
import type { BotCalls } from '@chatlane/bot-calls'
import type { DeliveryClass, Homes, Keys, Turn, Write } from '@chatlane/lanes'
import { type BotAnswer, callChat, routeOf } from '@chatlane/telegram'
import type { Journal } from './journal.ts'
import { TurnReplacedError } from './turn-replaced-error.ts'
import { holdFiles, outcomeOfUpload } from './upload.ts'

/** A call as the author's code makes it. `direct` makes it past the outbox, as plain Telegraf does. */
export interface MadeCall {
  method: string
  payload: Record<string, unknown>
  hasFiles: boolean
  direct(): Promise<unknown>
}

/** The calls of one run. */
export interface TurnCalls {
  /** Resolves with the answer, rejects with what `direct` threw, or with a TurnReplacedError. */
  call(made: MadeCall): Promise<BotAnswer>
  /** Resolves when no call is open any more. */
  settled(): Promise<void>
  /** Why calls could not be put: the turn was replaced, or Redis refused. The run must not count as done then. */
  broken(): Error | undefined
  /** Whether the run took another path than the one before it: it made calls, and left out some that were made. */
  hasDiverged(): boolean
  /** Forgets the calls and the journal, with the commit. */
  writes(): Write[]
}

/** A call that has no answer after so long waits for a budget or a freeze: meanwhile other chats are answered. */
const REST_AFTER_MS = 1000

/** What Telegram answers to the name of no method. */
const NO_SUCH_METHOD: BotAnswer = { ok: false, error_code: 404, description: 'Not Found' }
/** More calls than this are left to expire instead of being forgotten with the commit. */
const MOST_FORGOTTEN = 500

/** The calls of `turn`, which belong to its update `itemId`. */
export function createTurnCalls(options: {
  botCalls: BotCalls
  keys: Keys
  homes: Homes
  turn: Turn
  itemId: string
  journal: Journal
  class: DeliveryClass
  /** False where the tap that the turn answers was given up, and answered empty. */
  isSpinning: boolean
}): TurnCalls {
  const { botCalls, keys, homes, turn, itemId, journal } = options
  const { lane, turnId } = turn
  const counts = new Map<string, number>()
  const made = new Map<string, string>()
  const open = new Set<Promise<unknown>>()
  let last: Promise<unknown> = Promise.resolve()
  let hasNew = false
  let broken: Error | undefined
  /** Its name is the same in every run that makes the same calls to the same chats, by whichever of their ids. */
  const idOf = async (method: string, payload: MadeCall['payload']) => {
    const chat = callChat(payload)
    const homeId = chat === undefined ? '' : await homes.homeOf(lane.botId, chat)
    const kind = `${method.toLowerCase()} ${homeId}`
    const nth = (counts.get(kind) ?? 0) + 1
    counts.set(kind, nth)
    return `c${itemId}.${method.toLowerCase()}.${nth}`
  }
  const put = async ({ method, payload, hasFiles, direct }: MadeCall, held: Promise<void> | undefined) => {
    const id = await idOf(method, payload)
    await held
    const result = await botCalls
      .put({
        botId: lane.botId,
        method,
        payload,
        class: options.class,
        place: lane.place,
        id,
        turn: { lane, turnId },
        ...(hasFiles && { upload: () => outcomeOfUpload(direct) }),
      })
      .catch((error) => {
        broken ??= error
        throw error
      })
    if (result.kind === 'stale') {
      broken = new TurnReplacedError()
      throw broken
    }
    made.set(
      `${result.homeId} ${id}`,
      keys.ofChat({ botId: lane.botId, homeId: result.homeId }, `call:${id}`),
    )
    hasNew ||= journal.find(id) === undefined
    // Wrapped: the next call is put when this one is, not when it has its answer.
    return { answer: result.answer }
  }
  const post = async (call: MadeCall): Promise<BotAnswer> => {
    // At once: a stream may fail before the calls in front of it have been put.
    const held = call.hasFiles ? holdFiles(call.payload) : undefined
    held?.catch(() => undefined)
    // One after the other: calls to one chat leave in the order in which they are made, awaited or not.
    const putting = last.then(() => put(call, held))
    last = putting.catch(() => undefined)
    return (await putting).answer
  }
  const callNow = async ({ direct, method, payload }: MadeCall): Promise<BotAnswer> => {
    if (routeOf(method) !== 'answer') {
      const pause = await botCalls.waitForCall({ botId: lane.botId, method, payload })
      if (pause) return pause
    } else if (!options.isSpinning && method.toLowerCase() === 'answercallbackquery') {
      // Nobody sees a spinner any more: to answer again would only be an error to the author.
      return { ok: true, result: true }
    }
    return { ok: true, result: await direct() }
  }
  return {
    call(call) {
      if (!/^\w+$/.test(call.method)) return Promise.resolve(NO_SUCH_METHOD)
      const answered = routeOf(call.method) === 'outbox' ? post(call) : callNow(call)
      open.add(answered)
      const resting = setTimeout(() => turn.restUntil(answered), REST_AFTER_MS)
      const closed = () => {
        open.delete(answered)
        clearTimeout(resting)
      }
      answered.then(closed, closed)
      return answered
    },
    async settled() {
      while (open.size > 0) await Promise.allSettled(open)
    },
    broken: () => broken,
    hasDiverged() {
      const left = journal.fields().filter((field) => field.startsWith(`c${itemId}.`))
      const names = new Set([...made.keys()].map((name) => name.slice(name.indexOf(' ') + 1)))
      return hasNew && left.some((id) => !names.has(id))
    },
    writes() {
      const shard = keys.shardOf(lane)
      const ours = [...made].filter(([name]) => {
        const homeId = name.slice(0, name.indexOf(' '))
        return keys.shardOf({ botId: lane.botId, homeId }) === shard
      })
      return [journal.key, ...ours.slice(0, MOST_FORGOTTEN).map(([, key]) => key)].map(forget)
    },
  }
}

function forget(key: string): Write {
  return { command: 'del', key, args: [] }
}
