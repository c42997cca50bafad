/** Has the oldest parts of conversations summed up, beside the turns: one summary of a lane at a time, over all workers. */
import { randomBytes } from 'node:crypto'
import { keepSummary, loadContext } from '@chatlane/chats'
import {
  promptTokensOf,
  type SummaryWish,
  summaryBound,
  summaryRequest,
  summaryText,
  type TextBook,
} from '@chatlane/dialogue'
import { holdLease, type Keys, type LaneName, laneText } from '@chatlane/lanes'
import type { Log, RedisClient, Running, Tally } from '@chatlane/runtime'
import type { Assistants } from './assistants.ts'
import { askModel, type ModelParts, windowOf } from './model.ts'
import type { Payer } from './spending.ts'

/** What summing up needs. */
export interface SummaryParts {
  redis: RedisClient
  keys: Keys
  model: ModelParts
  assistants: Assistants
  texts: TextBook
  tally: Tally
  log: Log
}

/** What is to be summed up, and for whom. */
export interface LaneWish extends SummaryWish {
  lane: LaneName
  /** The question that it is made after: its budgets pay for both. */
  payer: Payer
  language: 'ru' | 'en'
}

/** The summaries of this process. */
export interface Summaries extends Running {
  /** Begins one, unless one is being made. Whatever comes of it holds up nothing. */
  begin(wish: LaneWish): void
}

/**
 * What came of one. `busy`: another is being made. `outdated`: nothing is left of what was to be summed up. `declined`: no
 * budget pays for it.
 */
type SummaryOutcome = 'kept' | 'outdated' | 'busy' | 'declined' | 'failed'

/** A worker that died over a summary leaves its lane to others after so long. */
const LEASE_MS = 10_000
/** What failed is begun again by a later turn, after so long. */
const PAUSE_MS = 60_000
/** A summary that takes longer is given up. */
const LONGEST_MS = 180_000
/** So many are made at once in a process; others are begun by later turns. */
const MOST_AT_ONCE = 20

/** Begins none by itself. `stop` breaks off those that are being made: other workers begin them again. */
export function createSummaries(parts: SummaryParts): Summaries {
  const { tally, log } = parts
  const stopping = new AbortController()
  const making = new Set<Promise<void>>()
  const make = async (wish: LaneWish) => {
    const lane = laneText(wish.lane)
    try {
      const outcome = await underLease(parts, wish, stopping.signal)
      if (outcome === 'busy' || stopping.signal.aborted) return
      tally.count('chatlane_summaries_total', { bot: wish.lane.botId, outcome })
      log.debug({ lane, outcome, upTo: wish.upTo }, 'a summary was made')
    } catch (error) {
      if (stopping.signal.aborted) return
      tally.count('chatlane_summaries_total', { bot: wish.lane.botId, outcome: 'failed' })
      log.warn({ err: error, lane }, 'a summary failed; a later turn begins it again')
    }
  }
  return {
    begin(wish) {
      if (stopping.signal.aborted || making.size >= MOST_AT_ONCE) return
      const made: Promise<void> = make(wish).finally(() => making.delete(made))
      making.add(made)
    },
    async stop() {
      stopping.abort()
      await Promise.all(making)
    },
  }
}

/** Makes the summary while nobody else does. What fails keeps the lease for a while, so that not every turn tries. */
async function underLease(
  parts: SummaryParts,
  wish: LaneWish,
  stopping: AbortSignal,
): Promise<SummaryOutcome> {
  const { redis, keys, log } = parts
  const key = keys.ofLane(wish.lane, 'summing')
  const token = randomBytes(9).toString('base64url')
  const lease = holdLease({ redis, key, token, leaseMs: LEASE_MS })
  if (!(await lease.acquire())) return 'busy'
  const renewal = setInterval(
    () => void lease.acquire().catch((error) => log.debug({ err: error, key }, 'a lease was not prolonged')),
    LEASE_MS / 4,
  )
  let outcome: SummaryOutcome | undefined
  try {
    outcome = await sumUp(parts, wish, AbortSignal.any([stopping, AbortSignal.timeout(LONGEST_MS)]))
    return outcome
  } finally {
    clearInterval(renewal)
    const isOver = stopping.aborted || outcome === 'kept' || outcome === 'outdated'
    await (isOver ? lease.release() : holdLease({ redis, key, token, leaseMs: PAUSE_MS }).acquire())
  }
}

async function sumUp(parts: SummaryParts, wish: LaneWish, signal: AbortSignal): Promise<SummaryOutcome> {
  const { redis, keys, model, assistants, texts } = parts
  const { lane, payer, generation } = wish
  const { summing } = assistants(lane.botId)
  const key = keys.ofLane(lane, 'chat')
  const context = await loadContext(redis, key)
  if (!summing || context.generation !== generation) return 'outdated'
  const mostTokens = summaryBound(wish.promptTokens)
  const [{ promptTokens = Number.POSITIVE_INFINITY }, weights] = await Promise.all([
    windowOf(model, summing),
    model.learning.weights(summing.model),
  ])
  const request = summaryRequest(context, {
    ...{ upTo: wish.upTo, texts: texts.in(wish.language), mostTokens, promptTokens, weights },
  })
  if (!request) return 'outdated'
  const answer = await askModel(model, {
    ...{ lane, ...payer, ...summing, messages: request.messages, said: '', isBackground: true, signal },
    promptTokens: promptTokensOf(request.messages, weights),
    pictureTokens: 0,
    stoppedBy: () => undefined,
    onWait: () => undefined,
    onText: () => undefined,
    onPictures: () => undefined,
  })
  if (answer.kind === 'declined') return 'declined'
  const text = answer.kind === 'answered' ? summaryText(answer.text, { mostTokens, weights }) : undefined
  if (text === undefined) return 'failed'
  return keepSummary(redis, { key, generation, summary: { text, upTo: request.upTo } })
}
