/** Runs one update through an author's code and gathers what its commit is to hold. */

import type { BotCalls } from '@chatlane/bot-calls'
import type { TurnPort } from '@chatlane/dialogue'
import type { Handlers } from '@chatlane/handlers'
import type { DeadLetters, Delivery, DeliveryClass, Keys, Turn, Write } from '@chatlane/lanes'
import { laneText } from '@chatlane/lanes'
import type { Log, RedisClient, Tally } from '@chatlane/runtime'
import type { Context } from 'telegraf'
import type { Update, UserFromGetMe } from 'telegraf/types'
import { openDeadline } from './deadline.ts'
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

/** What the run of one update left behind. */
export interface HandlersRan {
  deliveries: Delivery[]
  /** To be asked for when everything has been said. */
  writes(): Promise<Write[]>
  /** Whether it threw and nothing caught it: the update is a dead letter, and its chat is to be told. */
  hasFailed: boolean
}

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
  const deadline = openDeadline(turn.signal, parts.timeoutMs)
  const running = parts.host.within(handlerTurn, async () => {
    try {
      await run.handlers.run({
        turn: handlerTurn,
        update: run.update,
        token: run.token,
        botInfo: run.identity,
        decorate: (ctx: Context) => void Object.assign(ctx, { lane, signal: deadline.signal }),
        next: run.next,
      })
    } finally {
      // What was called and not awaited goes out, also where the handler threw.
      await calls.settled()
    }
  })
  const writes = async () => [...calls.writes(), ...(await sessions.writes())]
  try {
    await Promise.race([running, deadline.passed])
    handlerTurn.state = 'ended'
  } catch (error) {
    running.catch(() => undefined)
    const isOver = deadline.signal.aborted || error instanceof TurnReplacedError
    handlerTurn.state = isOver ? 'abandoned' : 'ended'
    if (turn.signal.aborted || error instanceof TurnReplacedError) throw error
    await bury(parts, run, error)
    return { deliveries: [], writes, hasFailed: true }
  } finally {
    deadline.end()
  }
  if (journal.isRerun) countRerun(parts, turn, calls.hasDiverged())
  return { deliveries: deliveries(), writes, hasFailed: false }
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
  error: unknown,
): Promise<void> {
  // What is thrown and no error may be anything: it is not logged.
  const err = error instanceof Error ? error : undefined
  log.error(
    { err, lane: laneText(turn.lane), update: itemId },
    'a handler failed; its update is a dead letter',
  )
  const reason = `its handler failed: ${error instanceof Error ? error.name : 'not with an error'}`
  await deadLetters.park({ kind: 'update', ...turn.lane, id: itemId, reason }, payload)
}

/** Answers to commands and to taps go before other replies. */
function classOf(update: Update): DeliveryClass {
  if ('callback_query' in update) return 0
  const message = 'message' in update ? update.message : undefined
  const entities = message && 'entities' in message ? message.entities : undefined
  return entities?.some(({ type, offset }) => type === 'bot_command' && offset === 0) ? 0 : 1
}
