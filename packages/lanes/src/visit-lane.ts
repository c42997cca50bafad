/** One visit to a lane: takes its turns, one after the other, until it is empty or has had its slice. */
import { randomBytes } from 'node:crypto'
import type { Log } from '@chatlane/runtime'
import type { Job } from 'bullmq'
import { NewerFormatError } from './format.ts'
import type { Committed, Inbox, Taken, TakenItem } from './inbox.ts'
import { isQueryLane, type LaneName, laneFromText } from './names.ts'
import type { Wakes } from './queues.ts'
import type { TurnEnd } from './turn-end.ts'
import { createTurnRest } from './turn-rest.ts'

/** One turn of a lane, for the one who answers it. */
export interface Turn {
  lane: LaneName
  turnId: string
  /** In the order in which they were appended; at least one. */
  items: readonly TakenItem[]
  /** How often the head has been taken, this time included. */
  tries: number
  /** When it was taken, on Redis's clock. */
  takenAtMs: number
  /** The lane is over its bound, and its people were not told. */
  isShedding: boolean
  /** How often its commit was refused by an expectation: it is answered once more, under the same turn id. */
  conflicts: number
  /**
   * Says that the turn has nothing to do before `wait` settles: until then another lane is answered in its stead. It goes
   * on at once, so that for a while there may be more turns in progress than slots.
   */
  restUntil(wait: Promise<unknown>): void
  /** Aborts when the process stops: end soon, or throw to have the turn handed back uncounted. */
  signal: AbortSignal
}

/** What visiting needs. */
export interface VisitParts {
  inbox: Inbox
  wakes: Wakes
  log: Log
  /** Answers a turn. A throw is a failed try: the turn is taken again after a pause. */
  answer(turn: Turn): Promise<TurnEnd>
  /** Says what is left of a turn that was tried too often; it must not throw for the turn's sake. */
  giveUp(turn: Turn): Promise<TurnEnd>
  /** Whether no new turn of the lane's bot may begin: its deliveries wait too long already. Default: never. */
  isHeldBack?(lane: LaneName): Promise<boolean>
  /** Readies the chat in its outbox after a commit. */
  readyOutbox(lane: LaneName, headClass: string): Promise<void>
  /** How long a turn waits after its first failed try (0.5 s); each further one doubles it, up to 30 s. */
  firstPauseMs?: number
}

/** Turns of one lane before it goes to the back of the queue. */
const SLICE = 16
const FIRST_PAUSE_MS = 500
const MOST_PAUSE_MS = 30_000
/** A lane whose bot is overbooked looks again after so long. */
const HELD_BACK_MS = 1000

/** A visit: its job, and how it waits. */
export interface Visit extends VisitParts {
  job: Job<{ lane: string }>
  /** Waits without a slot. */
  pause(ms: number): Promise<void>
  /** Lends the slot until `wait` resolves, and holds it again at once. */
  rest(wait: Promise<void>): Promise<void>
  /** Aborts when the process takes no new turns. */
  draining: AbortSignal
  /** Aborts when the turns in progress must end. */
  stopping: AbortSignal
}

/** What Bull Board shows of an ended wake-up. */
export interface Visited {
  turns: number
  items: number
  waitedMs: Record<string, number>
}

/**
 * Visits the lane that the job names. Rejects where Redis does, the sweeper wakes the lane again; with a NewerFormatError
 * where what it met is for a newer release, and is handed back.
 */
export async function visitLane(visit: Visit): Promise<Visited> {
  const lane = laneFromText(visit.job.data.lane)
  const visited: Visited = { turns: 0, items: 0, waitedMs: {} }
  for (;;) {
    if (visit.draining.aborted || visited.turns >= SLICE) {
      // To the back of the queue, behind every other lane; in a stopping process: to another worker.
      await visit.wakes.wakeLane(lane)
      return visited
    }
    if (!isQueryLane(lane) && (await visit.isHeldBack?.(lane))) {
      visited.waitedMs.budget = (visited.waitedMs.budget ?? 0) + HELD_BACK_MS
      await visit.pause(HELD_BACK_MS)
      continue
    }
    const turnId = randomBytes(9).toString('base64url')
    const taken = await visit.inbox
      .take(lane, turnId)
      .catch((error) => leaveToNewer(visit, { lane, turnId }, error))
    if (taken.kind === 'empty') return visited
    if (taken.kind === 'wait') {
      visited.waitedMs[taken.why] = (visited.waitedMs[taken.why] ?? 0) + taken.ms
      await visit.pause(taken.ms)
      continue
    }
    const ended = await runTurn(visit, lane, taken)
    visited.turns++
    visited.items += taken.items.length
    if (ended === 'no more') return visited
  }
}

async function runTurn(
  visit: Visit,
  lane: LaneName,
  taken: Taken & { kind: 'turn' },
): Promise<'more' | 'no more'> {
  const { turnId, items, tries, takenAtMs, isShedding } = taken
  const rest = createTurnRest(visit.rest)
  const turn: Turn = {
    ...{ lane, turnId, items, tries, takenAtMs, isShedding, conflicts: 0 },
    restUntil: rest.until,
    signal: visit.stopping,
  }
  const told = tellBoard(visit, turn)
  let committed: Committed
  let end: TurnEnd
  try {
    for (let conflicts = 0; ; conflicts++) {
      end = taken.spent ? await visit.giveUp(turn) : await visit.answer({ ...turn, conflicts })
      if (end.isErased) return 'more'
      committed = await visit.inbox.commit(lane, turnId, end)
      if (committed.kind !== 'conflict') break
    }
  } catch (error) {
    if (error instanceof NewerFormatError) return await leaveToNewer(visit, turn, error)
    // Who finds another's turn leaves the lane to it: taking it again would steal it from its successor.
    return (await handBack(visit, turn, error)) ? 'more' : 'no more'
  } finally {
    clearTimeout(told)
    await rest.end()
  }
  if (committed.kind !== 'stale') end.onCommitted?.()
  if (committed.kind === 'stale')
    visit.log.warn({ lane: visit.job.data.lane, turnId }, 'the turn was taken over')
  if (committed.outClass !== '') {
    // What was committed stays so: the sweeper of the outboxes readies the chat where this can't.
    await visit
      .readyOutbox(lane, committed.outClass)
      .catch((error) => visit.log.error({ err: error, lane: visit.job.data.lane }, 'a chat was not readied'))
  }
  return committed.more && committed.kind !== 'stale' ? 'more' : 'no more'
}

/** Hands the turn back at once and uncounted where it is for a newer release, whose workers are woken by the job. */
async function leaveToNewer(
  visit: Visit,
  { lane, turnId }: Pick<Turn, 'lane' | 'turnId'>,
  error: unknown,
): Promise<never> {
  if (error instanceof NewerFormatError)
    await visit.inbox.handBack(lane, turnId, { pauseMs: 0, counts: false })
  throw error
}

async function handBack(visit: Visit, turn: Turn, error: unknown): Promise<boolean> {
  const counts = !visit.stopping.aborted
  const pauseMs = counts
    ? Math.min((visit.firstPauseMs ?? FIRST_PAUSE_MS) * 2 ** (turn.tries - 1), MOST_PAUSE_MS)
    : 0
  if (counts)
    visit.log.error({ err: error, lane: visit.job.data.lane, tries: turn.tries, pauseMs }, 'a turn failed')
  return visit.inbox.handBack(turn.lane, turn.turnId, {
    pauseMs,
    counts,
    ...(counts && { error: kindOf(error) }),
  })
}

/** An error's name and code: what it says may hold what somebody wrote. */
function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no error'
  const { code } = error as { code?: unknown }
  return [error.name, typeof code === 'string' ? code : '']
    .join(' ')
    .replace(/[^\w ]/g, '')
    .trim()
    .slice(0, 80)
}

/** A turn that lasts is explained in Bull Board: what it took and how long that had waited. Quick ones cost nothing. */
function tellBoard(visit: Visit, turn: Turn): NodeJS.Timeout {
  return setTimeout(() => {
    const waitedMs = turn.takenAtMs - (turn.items[0]?.atMs ?? turn.takenAtMs)
    const ids = turn.items.map((item) => item.id).join(', ')
    const line = `turn ${turn.turnId}: took ${turn.items.length} (${ids}), which waited ${waitedMs} ms; try ${turn.tries}`
    visit.job.log(line).catch((error) => visit.log.debug({ err: error }, 'a line for Bull Board'))
  }, 200)
}
