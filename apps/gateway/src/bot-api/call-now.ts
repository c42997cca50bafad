/** Makes a call at once: answers to queries, reads, chat actions, moderation, settings. */
import { randomBytes } from 'node:crypto'
import type { BotCalls } from '@chatlane/bot-calls'
import type { Budget, Homes, Taps } from '@chatlane/lanes'
import type { Log, RedisState } from '@chatlane/runtime'
import {
  answerOf,
  type BotAnswer,
  type BotApi,
  type CallOptions,
  callChat,
  costOf,
  floodAnswer,
  isRepeatable,
} from '@chatlane/telegram'
import { type CallReply, replyOf } from './call-reply.ts'
import { type DoorCall, keyedCall } from './door-call.ts'
import type { IdempotencyKeys, MadeAnswer } from './idempotency-keys.ts'
import { OTHERS_KEY } from './refusals.ts'

/** What calling needs. */
export interface CallNowParts {
  botCalls: BotCalls
  budgets: ReadonlyMap<string, Budget>
  homes: Homes
  api: BotApi
  idempotencyKeys: IdempotencyKeys
  taps: Taps
  log: Log
  state(): RedisState
  /** Aborts when the gateway begins to stop. */
  stopping: AbortSignal
  /** Aborts what has not ended when the process does. */
  ending: AbortSignal
}

/** As long as a chat's budget of actions takes a call to be under way. */
const ACTION_MS = 4000
/** A chat has 20 actions in so long. */
const ACTIONS_WINDOW_MS = 5000
/** What a call may take beyond the time for which Telegram was asked to hold it. */
const BEYOND_POLL_MS = 10_000
const LONGEST_POLL_SECONDS = 600

/** Makes the call; `gone` aborts when nobody waits for it any more. Rejects where Redis does not answer. */
export async function callNow(parts: CallNowParts, call: DoorCall, gone: AbortSignal): Promise<CallReply> {
  const keyed = keyedCall(call)
  // An answer to a query is due within seconds: what it takes to know that it was given must not keep it back.
  if (!keyed || (call.route === 'answer' && parts.state() !== 'ready'))
    return replyOf((await make(parts, call, gone)).answer)
  if (!(await parts.idempotencyKeys.isFree(keyed))) return replyOf(OTHERS_KEY)
  return replyOf(await parts.idempotencyKeys.once(keyed, () => make(parts, call, gone)))
}

async function make(parts: CallNowParts, call: DoorCall, gone: AbortSignal): Promise<MadeAnswer> {
  const { bot, method, payload } = call
  const paused = call.route === 'answer' ? undefined : await parts.botCalls.waitForBot(bot.id)
  if (paused) return { answer: paused, isKept: false }
  if (costOf(method) === 'action') return makeAction(parts, call)
  if (method.toLowerCase() === 'answercallbackquery') noteAnswer(parts, call)
  const options = method.toLowerCase() === 'getupdates' ? pollOptions(parts, payload, gone) : {}
  return pass(parts, call, options)
}

/** A tap that is answered here needs no empty answer; one that is not noted gets two, which does no harm. */
function noteAnswer({ taps, log }: CallNowParts, { bot, payload }: DoorCall): void {
  const begun = taps.begin(bot.id, String(payload.callback_query_id))
  begun.catch((error) => log.debug({ err: error, bot: bot.id }, 'the answer to a tap was not noted'))
}

/** Typing and drafts have a budget of their chat's own, which the worker's count against as well. */
async function makeAction(parts: CallNowParts, call: DoorCall): Promise<MadeAnswer> {
  const budget = parts.budgets.get(call.bot.id)
  const chat = callChat(call.payload)
  if (!budget || chat === undefined) return pass(parts, call, {})
  const homeId = await parts.homes.homeOf(call.bot.id, chat)
  if (!(await budget.action(homeId, randomBytes(6).toString('base64url'), ACTION_MS))) {
    const pausedMs = await budget.pausedMs(homeId)
    return { answer: floodAnswer(pausedMs || ACTIONS_WINDOW_MS), isKept: false }
  }
  const made = await pass(parts, call, { timeoutMs: ACTION_MS })
  const retryAfter = made.answer.ok ? undefined : made.answer.parameters?.retry_after
  if (retryAfter !== undefined) await budget.freeze(homeId, retryAfter * 1000)
  return made
}

async function pass(
  parts: CallNowParts,
  { bot, method, raw }: DoorCall,
  options: CallOptions,
): Promise<MadeAnswer> {
  const outcome = await parts.api.callRaw(bot.token, method, raw, { signal: parts.ending, ...options })
  const answer: BotAnswer = answerOf(outcome)
  // What surely was not done may be tried anew, and so may what does no harm twice.
  const isUnsure = outcome.kind === 'unknown' && !isRepeatable(method)
  return { answer, isKept: outcome.kind === 'ok' || outcome.kind === 'refused' || isUnsure }
}

/** Telegram holds the call for as long as it was asked to, and must not while nobody waits for the updates. */
function pollOptions(
  { stopping }: CallNowParts,
  payload: Record<string, unknown>,
  gone: AbortSignal,
): CallOptions {
  const seconds = Math.min(Math.max(0, Number(payload.timeout) || 0), LONGEST_POLL_SECONDS)
  return { timeoutMs: seconds * 1000 + BEYOND_POLL_MS, signal: AbortSignal.any([gone, stopping]) }
}
