/** Takes turns: a BullMQ worker per shard whose jobs only name a lane; the truth is in the lane. */
import { randomBytes } from 'node:crypto'
import { type Log, type RedisClient, type Running, sleep } from '@chatlane/runtime'
import { type Job, Worker } from 'bullmq'
import type { Committed, Inbox, Taken, TakenItem } from './inbox.ts'
import { isQueryLane, type Keys, type LaneName, laneFromText } from './names.ts'
import { QUEUE_NAMES, WAKE_TAKEOVER, type Wakes } from './queues.ts'
import { Slots } from './slots.ts'
import type { TurnEnd } from './turn-end.ts'

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
  /** How often its commit was refused by an expectation: it is answered once more, under the same turn id. */
  conflicts: number
  /** Aborts when the process stops: end soon, or throw to have the turn handed back uncounted. */
  signal: AbortSignal
}

/** What a consumer needs. */
export interface ConsumerParts {
  redis: RedisClient
  keys: Keys
  inbox: Inbox
  wakes: Wakes
  log: Log
  /** Turns in progress at once. */
  concurrency: number
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
  /** How long a stopping process lets turns in progress end before their signal aborts (15 s). */
  finishMs?: number
}

/** Turns of one lane before it goes to the back of the queue. */
const SLICE = 16
const FIRST_PAUSE_MS = 500
const MOST_PAUSE_MS = 30_000
/** A lane whose bot is overbooked looks again after so long. */
const HELD_BACK_MS = 1000
const FINISH_MS = 15_000

/** A running consumer. */
export interface Consumer extends Running {
  /** Turns that this process is answering now. */
  turnsInProgress(): number
}

/** Starts taking turns of every shard. `stop` takes no new ones, lets those in progress end, hands back the rest. */
export function consumeInboxes(parts: ConsumerParts): Consumer {
  let inProgress = 0
  const counted: ConsumerParts = {
    ...parts,
    async answer(turn) {
      inProgress++
      try {
        return await parts.answer(turn)
      } finally {
        inProgress--
      }
    },
  }
  const draining = new AbortController()
  const stopping = new AbortController()
  const workers: Worker[] = []
  const pools: Slots[] = []
  // Queries have slots of their own: who tapped a button does not wait for replies to end.
  for (const name of [QUEUE_NAMES.inbox, QUEUE_NAMES.queries]) {
    const slots = new Slots(parts.concurrency)
    pools.push(slots)
    for (let n = 0; n < parts.keys.shards; n++) {
      workers.push(
        serveShard(counted, { name, n, slots, draining: draining.signal, stopping: stopping.signal }),
      )
    }
  }
  return {
    turnsInProgress: () => inProgress,
    async stop() {
      draining.abort()
      for (const slots of pools) slots.open()
      const bound = setTimeout(() => stopping.abort(), parts.finishMs ?? FINISH_MS)
      await Promise.all(workers.map((worker) => worker.close())).finally(() => clearTimeout(bound))
    },
  }
}

interface Shard {
  name: string
  n: number
  slots: Slots
  draining: AbortSignal
  stopping: AbortSignal
}

/** Serves one queue of wake-ups of one shard. */
function serveShard(parts: ConsumerParts, { name, n, slots, draining, stopping }: Shard): Worker {
  let visits = 0
  let asleep = 0
  /** A lane that waits holds its job but no slot: another lane is taken in its stead. */
  const pause = async (ms: number) => {
    if (draining.aborted) return
    slots.release()
    const isFull = visits >= worker.concurrency
    worker.concurrency = parts.concurrency + ++asleep
    if (isFull) lookAgain(worker)
    await sleep(ms, draining)
    worker.concurrency = parts.concurrency + --asleep
    await slots.acquire()
  }
  const visit = async (job: Job<{ lane: string }>) => {
    visits++
    await slots.acquire()
    try {
      return await visitLane({ ...parts, job, pause, draining, stopping })
    } finally {
      slots.release()
      visits--
    }
  }
  const worker = openWorker(parts, { name, n }, visit)
  return worker
}

/**
 * A worker whose jobs are as many as its concurrency looks at a raised concurrency only when one of them ends. Resuming
 * is what makes it look at once; the pause has no length.
 */
function lookAgain(worker: Worker): void {
  worker.pause(true).catch((error) => worker.emit('error', error))
  void worker.resume()
}

function openWorker(
  parts: ConsumerParts,
  { name, n }: Pick<Shard, 'name' | 'n'>,
  visit: (job: Job<{ lane: string }>) => Promise<unknown>,
): Worker {
  const worker = new Worker(name, visit, {
    connection: parts.redis,
    prefix: parts.keys.shard(n),
    concurrency: parts.concurrency,
    ...WAKE_TAKEOVER,
  })
  worker.on('error', (error) => parts.log.debug({ err: error }, 'the inbox worker'))
  worker.on('failed', (job, error) =>
    parts.log.error(
      { err: error, lane: job?.data.lane },
      'a visit broke off; the sweeper wakes the lane again',
    ),
  )
  return worker
}

interface Visit extends ConsumerParts {
  job: Job<{ lane: string }>
  pause(ms: number): Promise<void>
  draining: AbortSignal
  stopping: AbortSignal
}

/** What Bull Board shows of an ended wake-up. */
interface Visited {
  turns: number
  items: number
  waitedMs: Record<string, number>
}

async function visitLane(visit: Visit): Promise<Visited> {
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
    const taken = await visit.inbox.take(lane, randomBytes(9).toString('base64url'))
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
  const { turnId, items, tries, takenAtMs } = taken
  const turn: Turn = { lane, turnId, items, tries, takenAtMs, conflicts: 0, signal: visit.stopping }
  const told = tellBoard(visit, turn)
  let committed: Committed
  try {
    for (let conflicts = 0; ; conflicts++) {
      const end = taken.spent ? await visit.giveUp(turn) : await visit.answer({ ...turn, conflicts })
      committed = await visit.inbox.commit(lane, turnId, end)
      if (committed.kind !== 'conflict') break
    }
  } catch (error) {
    // Who finds another's turn leaves the lane to it: taking it again would steal it from its successor.
    return (await handBack(visit, turn, error)) ? 'more' : 'no more'
  } finally {
    clearTimeout(told)
  }
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

async function handBack(visit: Visit, turn: Turn, error: unknown): Promise<boolean> {
  const counts = !visit.stopping.aborted
  const pauseMs = counts
    ? Math.min((visit.firstPauseMs ?? FIRST_PAUSE_MS) * 2 ** (turn.tries - 1), MOST_PAUSE_MS)
    : 0
  if (counts)
    visit.log.error({ err: error, lane: visit.job.data.lane, tries: turn.tries, pauseMs }, 'a turn failed')
  return visit.inbox.handBack(turn.lane, turn.turnId, { pauseMs, counts })
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
