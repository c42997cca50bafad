/** Has requests to models paid from the budgets: set aside before, settled after, whatever becomes of the worker. */
import { randomBytes } from 'node:crypto'
import { type Cost, isSpent, type Spend, type Spender, type SpendLimits } from '@chatlane/chats'
import type { Decline } from '@chatlane/dialogue'
import { type Keys, lead } from '@chatlane/lanes'
import type { AnswerOutcome, ModelCatalogue, OpenRouter, Usage } from '@chatlane/openrouter'
import { type Log, type RedisClient, type Running, sleep, type Tally } from '@chatlane/runtime'
import { priceOf } from './model-price.ts'

/** What spending needs. */
export interface SpendingParts {
  redis: RedisClient
  keys: Keys
  spend(botId: string): Spend
  /** Throws for a bot that is not this worker's. */
  limits(botId: string): SpendLimits
  botIds: Iterable<string>
  catalogue: Pick<ModelCatalogue, 'all' | 'find'>
  openRouter: Pick<OpenRouter, 'usageOf'>
  tally: Tally
  log: Log
}

/** For whose question something is asked. */
export interface Payer extends Spender {
  /** What its further requests are made for, too. */
  questionId: string
}

/** A request that somebody has to pay for. */
export interface Purchase extends Payer {
  botId: string
  /** Those that may answer, the wanted one first. */
  models: readonly string[]
  /** Of the prompt, estimated. */
  promptTokens: number
  /** Of the longest answer. */
  replyTokens: number
}

/** What a request is allowed. */
export interface Grant {
  /** Of the longest answer that is paid for. */
  replyTokens: number
  /** To be told OpenRouter's name of the request. */
  onGeneration(generationId: string): void
}

/** The spending of this process. */
export interface Spending extends Running {
  /** Makes a request once its cost is set aside; where it can't be, nothing is asked. */
  answer(
    purchase: Purchase,
    ask: (grant: Grant) => Promise<AnswerOutcome>,
  ): Promise<AnswerOutcome | { kind: 'declined'; decline: Decline }>
  /** The same for a sound that is written down; `write` resolves with what it cost, or nothing where it came to nothing. */
  transcription(
    purchase: Omit<Purchase, 'replyTokens'>,
    write: () => Promise<number | undefined>,
  ): Promise<Decline | undefined>
  /** Why nothing may be spent now; undefined where something may. */
  declined(botId: string, payer: Payer): Promise<Decline | undefined>
}

/** An estimate may be too low: so much more of the prompt is set aside. */
const PROMPT_MARGIN = 1.5
const PROLONG_EVERY_MS = 4000
const SETTLE_EVERY_MS = 3000
/** How long to wait before each time OpenRouter is asked what an answer cost that broke off. */
const ASK_COST_AFTER_MS = [1000, 3000, 9000]

interface Hold extends Spender {
  id: string
  botId: string
  model: string
  generationId?: string
}

/** Begins to look after what dead workers had set aside. */
export function createSpending(parts: SpendingParts): Spending {
  const { redis, keys, spend, limits, tally, log } = parts
  const open = new Set<Hold>()
  const timer = setInterval(() => {
    const byBot = Map.groupBy(open, ({ botId }) => botId)
    for (const [botId, holds] of byBot)
      spend(botId)
        .prolong(holds.map(({ id }) => id))
        .catch((error) => log.warn({ err: error, bot: botId }, 'what is set aside was not prolonged'))
  }, PROLONG_EVERY_MS)
  const keepers = Array.from(parts.botIds, (botId) =>
    lead({
      ...{ redis, log },
      key: `${keys.bot(botId)}:settling`,
      everyMs: SETTLE_EVERY_MS,
      chore: (signal) => settleOverdue(parts, botId, signal),
    }),
  )
  const settle = async (hold: Hold, cost: Cost | 'all') => {
    await spend(hold.botId).settle(hold, cost)
    open.delete(hold)
  }
  const count = ({ botId, model }: Hold, usage: Usage) => countUsage(tally, { bot: botId, model }, usage)
  const askCost = async (hold: Hold, generationId: string, otherwise: Cost | 'all') => {
    for (const waitMs of ASK_COST_AFTER_MS) {
      await sleep(waitMs)
      const asked = await parts.openRouter.usageOf(generationId)
      if (asked.kind === 'failed') continue
      count(hold, asked.value)
      return settle(hold, costOf(asked.value))
    }
    log.warn(
      { bot: hold.botId, model: hold.model, generationId },
      'OpenRouter did not say what an answer cost',
    )
    return settle(hold, otherwise)
  }
  const settleAs = async (hold: Hold, outcome: AnswerOutcome) => {
    const usage = knownUsage(outcome)
    if (usage) {
      count(hold, usage)
      return settle(hold, costOf(usage))
    }
    const hasSaid = outcome.kind === 'answered' || outcome.partial !== ''
    const otherwise = hasSaid ? 'all' : NOTHING
    if (outcome.generationId === undefined) return settle(hold, otherwise)
    // The turn does not wait for it. Of a worker that dies meanwhile another one asks.
    void askCost(hold, outcome.generationId, otherwise).catch((error) =>
      log.warn({ err: error, bot: hold.botId }, 'what an answer cost could not be counted'),
    )
  }
  const reserve = async (purchase: Purchase) => {
    const { botId, userId, chatId, models } = purchase
    const hold: Hold = {
      id: randomBytes(12).toString('base64url'),
      botId,
      userId,
      chatId,
      model: models[0] ?? '',
    }
    const price = await priceOf(parts.catalogue, models)
    const promptTokens = Math.ceil(purchase.promptTokens * PROMPT_MARGIN)
    const want = {
      ...hold,
      questionId: purchase.questionId,
      promptTokens,
      replyTokens: purchase.replyTokens,
      ...price,
    }
    const reserved = await spend(botId).reserve(want, limits(botId))
    if (reserved.kind === 'granted') open.add(hold)
    return { hold, reserved }
  }
  return {
    async answer(purchase, ask) {
      const { hold, reserved } = await reserve(purchase)
      if (reserved.kind !== 'granted') return { kind: 'declined', decline: declineOf(reserved) }
      const { botId } = purchase
      try {
        const outcome = await ask({
          replyTokens: reserved.replyTokens,
          onGeneration: (generationId) =>
            void spend(botId)
              .nameGeneration(hold.id, generationId)
              .catch((error) => log.warn({ err: error, bot: botId }, 'a request was not named')),
        })
        await settleAs(hold, outcome)
        return outcome
      } catch (error) {
        // Nobody knows how far it came: whoever settles for dead workers asks OpenRouter.
        open.delete(hold)
        throw error
      }
    },
    async transcription(purchase, write) {
      const { hold, reserved } = await reserve({ ...purchase, replyTokens: 0 })
      if (reserved.kind !== 'granted') return declineOf(reserved)
      const usd = await write().catch((error: Error) => {
        open.delete(hold)
        throw error
      })
      if (usd !== undefined)
        tally.count('chatlane_openrouter_cost_usd_total', { bot: hold.botId, model: hold.model }, usd)
      await settle(hold, { tokens: 0, usd: usd ?? 0 })
      return undefined
    },
    async declined(botId, { userId, chatId, questionId }) {
      const ids = { bot: '', user: userId, chat: chatId }
      for (const whose of ['bot', 'user', 'chat'] as const) {
        const period = isSpent(await spend(botId).spent(whose, ids[whose]), limits(botId)[whose])
        if (period) return { why: 'spent', whose, period }
      }
      const { cooldownMs } = limits(botId)
      const waitMs = await spend(botId).coolingMs({ userId, questionId, cooldownMs })
      return waitMs > 0 ? { why: 'cooling', waitMs } : undefined
    },
    async stop() {
      clearInterval(timer)
      await Promise.all(keepers.map((keeper) => keeper.stop()))
    },
  }
}

const NOTHING: Cost = { tokens: 0, usd: 0 }

function costOf({ promptTokens, completionTokens, costUsd }: Usage): Cost {
  return { tokens: promptTokens + completionTokens, usd: costUsd }
}

function knownUsage(outcome: AnswerOutcome): Usage | undefined {
  if (outcome.kind !== 'answered') return outcome.usage
  return outcome.usage.isKnown ? outcome.usage : undefined
}

function declineOf(
  reserved:
    | { kind: 'spent'; scope: 'bot' | 'user' | 'chat'; period: 'day' | 'month' }
    | { kind: 'cooling'; waitMs: number },
): Decline {
  if (reserved.kind === 'cooling') return { why: 'cooling', waitMs: reserved.waitMs }
  return { why: 'spent', whose: reserved.scope, period: reserved.period }
}

/** What a worker that died had set aside costs what OpenRouter says, and all of it where it says nothing. */
async function settleOverdue(parts: SpendingParts, botId: string, signal: AbortSignal): Promise<void> {
  const spend = parts.spend(botId)
  for (const hold of await spend.overdue()) {
    if (signal.aborted) return
    const asked =
      hold.generationId === undefined ? undefined : await parts.openRouter.usageOf(hold.generationId)
    const isKnown = asked?.kind === 'known'
    if (!(await spend.settle(hold, isKnown ? costOf(asked.value) : 'all'))) continue
    if (isKnown) countUsage(parts.tally, { bot: botId, model: 'unknown' }, asked.value)
    parts.log.warn({ bot: botId, isKnown }, 'what a worker had set aside and left was settled')
  }
}

function countUsage(tally: Tally, labels: { bot: string; model: string }, usage: Usage): void {
  const { promptTokens, completionTokens, costUsd } = usage
  tally.count('chatlane_openrouter_tokens_total', { ...labels, kind: 'prompt' }, promptTokens)
  tally.count('chatlane_openrouter_tokens_total', { ...labels, kind: 'completion' }, completionTokens)
  tally.count('chatlane_openrouter_cost_usd_total', labels, costUsd)
}
