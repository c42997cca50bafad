/** Runs one update through an author's code and gathers what its commit is to hold. */

import type { BotCalls } from '@chatlane/bot-calls'
import type { TurnPort } from '@chatlane/dialogue'
import type { Handlers } from '@chatlane/handlers'
import type { DeadLetters, Delivery, DeliveryClass, Keys, Turn, Write } from '@chatlane/lanes'
import { laneText } from '@chatlane/lanes'
import { type Log, type RedisClient, sleep, type Tally } from '@chatlane/runtime'
import type { Context } from 'telegraf'
import type { Update, UserFromGetMe } from 'telegraf/types'
import { createEffects } from './effects.ts'
import type { WorkerHost } from './handler-host.ts'
import type { HandlerTurn } from './handler-turn.ts'
import { openJournal } from './journal.ts'
import { createLaneRun } from './lane-run.ts'
import { createTurnCalls } from './turn-calls.ts'
import { TurnReplacedError } from './turn-replaced-error.ts'
import { createTurnSessions, type SessionParts } from './turn-sessions.ts'

/** What running handlers needs. */
export interface RunHandlersParts extends SessionParts {
  redis: RedisClient
  keys: Keys
  host: WorkerHost
  botCalls: BotCalls
  deadLetters: DeadLetters
  /** The handlers of a bot; undefined where it has none. */
  handlersOf(botId: string): Handlers<HandlerTurn> | undefined
  timeoutMs: number
  tally: Tally
  log: Log
}

/** A handler did not end in time. */
export class HandlerTimeoutError extends Error {
  readonly code = 'HANDLER_TIMEOUT'

  constructor(timeoutMs: number) {
    super(`the handler did not end within ${timeoutMs / 1000} s`)
    this.name = 'HandlerTimeoutError'
  }
}

/** What the run of one update left behind. */
export interface HandlersRan {
  deliveries: Delivery[]
  /** To be asked for when everything has been said. */
  writes(): Promise<Write[]>
  /** Whether it threw and nothing caught it: the update is a dead letter, and its chat is to be told. */
  hasFailed: boolean
}

/** After its signal has aborted a handler may still end by itself for so long. */
const GRACE_MS = 2000

/** Runs `update`, the item `itemId` of `turn`. Rejects where the turn is to be handed back. */
export async function runHandlers(
  parts: RunHandlersParts,
  run: {
    handlers: Handlers<HandlerTurn>
    turn: Turn
    itemId: string
    update: Update
    payload: string
    token: string
    identity: UserFromGetMe
    port: TurnPort
    /** False where the tap was given up, and answered empty. */
    isSpinning: boolean
    next(): Promise<void>
  },
): Promise<HandlersRan> {
  const { turn, itemId } = run
  const journal = await openJournal(parts, turn)
  const effects = createEffects(journal, itemId)
  const calls = createTurnCalls({
    ...parts,
    turn,
    itemId,
    journal,
    class: classOf(run.update),
    isSpinning: run.isSpinning,
  })
  const sessions = createTurnSessions(parts, turn)
  const handlerTurn: HandlerTurn = { turn, calls, sessions, effects, state: 'running' }
  const { lane, deliveries } = createLaneRun({ turn, port: run.port, effects, isRerun: journal.isRerun })
  const ended = new AbortController()
  const timeout = AbortSignal.timeout(parts.timeoutMs)
  const signal = AbortSignal.any([turn.signal, timeout])
  const running = parts.host.within(handlerTurn, async () => {
    await run.handlers.run({
      turn: handlerTurn,
      update: run.update,
      token: run.token,
      botInfo: run.identity,
      decorate: (ctx: Context) => void Object.assign(ctx, { lane, signal }),
      next: run.next,
    })
    await calls.settled()
  })
  try {
    await Promise.race([running, aborted(signal, ended.signal)])
  } catch (error) {
    running.catch(() => undefined)
    handlerTurn.state = 'abandoned'
    if (turn.signal.aborted || error instanceof TurnReplacedError) throw error
    await bury(parts, run, timeout.aborted ? new HandlerTimeoutError(parts.timeoutMs) : (error as Error))
    return { deliveries: [], writes: async () => calls.writes(), hasFailed: true }
  } finally {
    ended.abort()
    if (handlerTurn.state === 'running') handlerTurn.state = 'ended'
  }
  if (journal.isRerun) countRerun(parts, turn, calls.hasDiverged())
  const writes = async () => [...calls.writes(), ...(await sessions.writes())]
  return { deliveries: deliveries(), writes, hasFailed: false }
}

/** Rejects a while after `signal` has aborted, unless `ended` has before. */
async function aborted(signal: AbortSignal, ended: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>()
  const onAbort = async () => {
    await sleep(GRACE_MS, ended)
    if (!ended.aborted) reject(signal.reason)
  }
  if (signal.aborted) void onAbort()
  else signal.addEventListener('abort', onAbort, { once: true, signal: ended })
  return promise
}

function countRerun({ tally, log }: RunHandlersParts, { lane }: Turn, hasDiverged: boolean): void {
  tally.count('chatlane_handler_reruns_total', { bot: lane.botId })
  if (!hasDiverged) return
  tally.count('chatlane_handler_reruns_diverged_total', { bot: lane.botId })
  log.warn(
    { lane: laneText(lane) },
    'an update that ran again took another path: what it called anew was posted',
  )
}

/** A handler that throws is not run again: its update is kept. */
async function bury(
  { deadLetters, log }: RunHandlersParts,
  { turn, itemId, payload }: { turn: Turn; itemId: string; payload: string },
  error: Error,
): Promise<void> {
  log.error(
    { err: error, lane: laneText(turn.lane), update: itemId },
    'a handler failed; its update is a dead letter',
  )
  const reason = `its handler failed: ${error?.name ?? 'an error'}`
  await deadLetters.park({ kind: 'update', ...turn.lane, id: itemId, reason }, payload)
}

/** Answers to commands and to taps go before other replies. */
function classOf(update: Update): DeliveryClass {
  if ('callback_query' in update) return 0
  const message = 'message' in update ? update.message : undefined
  const entities = message && 'entities' in message ? message.entities : undefined
  return entities?.some(({ type, offset }) => type === 'bot_command' && offset === 0) ? 0 : 1
}
