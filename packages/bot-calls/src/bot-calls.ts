/** Sends a call of the Bot API through the outbox of its chat, and answers what Telegram answered. */
import { randomBytes } from 'node:crypto'
import type { Budget, CallEnd, Calls, DeliveryClass, Homes, LaneName } from '@chatlane/lanes'
import { sleep } from '@chatlane/runtime'
import {
  type AuthorCall,
  type BotAnswer,
  type CallOutcome,
  callChat,
  costOf,
  floodAnswer,
  itemsOf,
} from '@chatlane/telegram'

/** A call that posts, edits or deletes. */
export interface PostingCall {
  botId: string
  method: string
  /** The parameters as Telegram names them. Files in it are described, not contained: their bytes go with `upload`. */
  payload: Record<string, unknown>
  /** How urgent. Default 1, a reply. */
  class?: DeliveryClass
  /** The place whose calls leave in order with this one. Default none. */
  place?: string
  /** Putting the same id to the same chat again joins the first. Default: one of its own. No '|' inside. */
  id?: string
  /** How long an id is remembered, in seconds. Default 26 hours while there is no answer, then one. */
  keptSeconds?: number
  turn?: { lane: LaneName; turnId: string }
  /** Sends the call with its files, when its turn has come. */
  upload?: () => Promise<CallOutcome<unknown>>
}

/** What putting came to: `stale` where the call's turn was replaced; else the call is durable. */
export type PutPosting =
  | { kind: 'stale' }
  | { kind: 'durable'; homeId: string; id: string; answer: Promise<BotAnswer> }

/** Calls through outboxes. */
export interface BotCalls {
  put(call: PostingCall): Promise<PutPosting>
  /**
   * Waits while Telegram wants no calls of the bot; undefined when one may leave. An answer: the pause is longer than
   * anyone waits.
   */
  waitForBot(botId: string): Promise<BotAnswer | undefined>
  /** The same for a call past the outbox; chat actions and drafts wait for their chat's own budget as well. */
  waitForCall(call: Pick<PostingCall, 'botId' | 'method' | 'payload'>): Promise<BotAnswer | undefined>
}

/** What calls need. */
export interface BotCallsParts {
  calls: Calls
  homes: Homes
  budgets: ReadonlyMap<string, Budget>
}

/** A pause up to here is waited for, a longer one is answered with Telegram's 429. */
const LONGEST_PAUSE_MS = 60_000
/** As long as a chat's budget of actions takes a call to be under way. */
const ACTION_MS = 4000
const ACTION_AGAIN_MS = 250
/** The answer to what names no chat: Telegram's own words. */
const NO_CHAT: BotAnswer = { ok: false, error_code: 400, description: 'Bad Request: chat_id is empty' }
/** The answer where the chat was erased while the call waited. */
const FORGOTTEN: BotAnswer = {
  ok: false,
  error_code: 410,
  description: 'Gone: the chat was erased before the call left',
}

/** Calls through the outboxes of `parts`. */
export function createBotCalls({ calls, homes, budgets }: BotCallsParts): BotCalls {
  const pausedMs = async (botId: string, chat: string) => (await budgets.get(botId)?.pausedMs(chat)) ?? 0
  const waitForBot = async (botId: string) => {
    const waitMs = await pausedMs(botId, '')
    if (waitMs > LONGEST_PAUSE_MS) return floodAnswer(waitMs)
    if (waitMs > 0) await sleep(waitMs)
    return undefined
  }
  return {
    async put(call) {
      const { botId, turn, upload } = call
      const id = call.id ?? `o${randomBytes(12).toString('base64url')}`
      const chat = callChat(call.payload)
      if (chat === undefined) return { kind: 'durable', homeId: '', id, answer: Promise.resolve(NO_CHAT) }
      // A chat that Telegram holds back for long is noticed while the call waits, and costs the others nothing.
      const homeId = await homes.homeOf(botId, chat)
      const put = await calls.put({
        chat: { botId, homeId },
        delivery: {
          id,
          class: call.class ?? 1,
          items: itemsOf({ method: call.method, payload: call.payload }),
          place: call.place ?? '',
          payload: JSON.stringify(authorCall(call)),
        },
        ...(turn && { turn }),
        isForgotten: call.id === undefined,
        ...(call.keptSeconds !== undefined && { keptSeconds: call.keptSeconds }),
        ...(upload && { upload: async () => JSON.stringify(await upload()) }),
      })
      if (put.kind === 'stale') return put
      return { kind: 'durable', homeId, id, answer: put.end.then(answerOfEnd) }
    },
    waitForBot,
    async waitForCall({ botId, method, payload }) {
      const paused = await waitForBot(botId)
      const budget = budgets.get(botId)
      const chat = callChat(payload)
      if (paused || !budget || chat === undefined || costOf(method) !== 'action') return paused
      const homeId = await homes.homeOf(botId, chat)
      const id = randomBytes(6).toString('base64url')
      // The longest log of actions is 30 seconds: none waits for longer but for a freeze.
      while (!(await budget.action(homeId, id, ACTION_MS))) {
        const waitMs = await budget.pausedMs(homeId)
        if (waitMs > LONGEST_PAUSE_MS) return floodAnswer(waitMs)
        await sleep(Math.max(waitMs, ACTION_AGAIN_MS))
      }
      return undefined
    },
  }
}

function authorCall({ method, payload, upload, turn }: PostingCall): AuthorCall {
  // What was described of the files is of no use without their bytes.
  return upload
    ? { method, payload: {}, isAuthors: true, isUpload: true, ...(turn && { isOfTurn: true as const }) }
    : { method, payload, isAuthors: true }
}

function answerOfEnd(end: CallEnd): BotAnswer {
  if (end.kind === 'answered') return JSON.parse(end.answer) as BotAnswer
  return end.kind === 'paused' ? floodAnswer(end.ms) : FORGOTTEN
}
