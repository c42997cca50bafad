/** Runs one update through an author's code and gathers what its commit is to hold. */

import type { BotCalls } from '@chatlane/bot-calls'
import type { TurnPort } from '@chatlane/dialogue'
import type { Handlers } from '@chatlane/handlers'
import type { DeadLetters, Delivery, DeliveryClass, Keys, Turn, Write } from '@chatlane/lanes'
import { laneText } from '@chatlane/lanes'
import type { Log, RedisClient, Tally } from '@chatlane/runtime'
import { readUpdate } from '@chatlane/telegram'
import type { Context } from 'telegraf'
import type { Update, UserFromGetMe } from 'telegraf/types'
import { openDeadline } from './deadline.ts'
import { earlierQueriesEnded } from './earlier-queries.ts'
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
  const reading = readUpdate(run.update)
  const userId = reading.kind === 'update' ? reading.update.fromId : undefined
  const sessions = createTurnSessions(parts, turn, () => earlierQueriesEnded(parts, { turn, userId, itemId }))
  const handlerTurn: HandlerTurn = { turn, calls, sessions, effects, state: 'running' }
  const chatId = await chatOfLane(parts, run)
  const { isRerun } = journal
  const { lane, deliveries } = createLaneRun({ turn, port: run.port, effects, isRerun, chatId })
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
    if (calls.broken()) throw calls.broken()
    // Fenced: a run that was replaced, or whose chat was erased, leaves no letter.
    await journal.note(`failed:${itemId}`, '1')
    await bury(parts, run, error)
    return { deliveries: [], writes, hasFailed: true }
  } finally {
    deadline.end()
  }
  // The author may have caught what a call that could not be put threw: the update is not done for all that.
  if (calls.broken()) throw calls.broken()
  if (journal.isRerun) countRerun(parts, turn, calls.hasDiverged())
  return { deliveries: deliveries(), writes, hasFailed: false }
}

/** The update's chat, where it is the lane's: a tap in a group waits in a lane of its user. */
async function chatOfLane(
  { homes }: RunHandlersParts,
  { turn, update }: { turn: Turn; update: Update },
): Promise<string | undefined> {
  const reading = readUpdate(update)
  const chatId = reading.kind === 'update' ? reading.update.chatId : undefined
  if (chatId === undefined) return undefined
  const homeId = await homes.homeOf(turn.lane.botId, String(chatId))
  return homeId === turn.lane.homeId ? String(chatId) : undefined
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
