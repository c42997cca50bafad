/** Learns how each model counts tokens from what it said that prompts came to; shared by all workers. */
import { type Log, loadScript, type RedisClient, type Running } from '@chatlane/runtime'
import { ridgeFactors } from './ridge-factors.ts'

const learn = loadScript(new URL('./lua/learn-tokens.lua', import.meta.url))

/** What prompts are made of, part by part, such as characters of an alphabet. */
export type PromptCounts<Part extends string> = Readonly<Record<Part, number>>

/** The counting of all models. */
export interface TokenLearning<Part extends string> extends Running {
  /** What each part costs in `model`, in tokens; the standard weights where nothing is known. Never rejects. */
  weights(model: string): Promise<PromptCounts<Part>>
  /** Notes that a prompt made of `counts` came to so many tokens. */
  note(model: string, counts: PromptCounts<Part>, tokens: number): void
}

/** A process writes down what it has noted so often at most, and looks so often what others have. */
const EVERY_MS = 5000
/** Every prompt weighs so much less than the one after it: some hundreds count. */
const FADING = 0.997
/**
 * How sure the standard weights are, in prompts. Tried on made-up chats whose counts are off by 2, 5 and 10 %: with more
 * the estimate comes true more slowly, with less the first prompts mislead it.
 */
const TRUST = 0.01
/** A prompt of fewer tokens says little: its count is rounded, and a model's own frame is most of it. */
const WHOLE_TOKENS = 500
/** No model counts so much more or less: what does was counted otherwise, or is no text. */
const MOST_FACTOR = 5
const KEPT_SECONDS = 30 * 24 * 3600
/** Nobody waits longer: an estimate is better than a late answer. */
const WAIT_MS = 1000

interface Model {
  /** What all processes have written down. */
  known: readonly number[]
  factors: readonly number[]
  lookedAt: number
  looking: Promise<void> | undefined
  /** Not written down yet. */
  pending: { count: number; sums: number[] } | undefined
}

/** Learning under `keyOf(model)`, from the `standard` weights on. `now` answers milliseconds that only grow. */
export function learnTokens<Part extends string>(options: {
  redis: RedisClient
  keyOf(model: string): string
  standard: PromptCounts<Part>
  log: Log
  now?: () => number
  /** How often is written down what was noted (5 s). */
  everyMs?: number
}): TokenLearning<Part> {
  const { redis, keyOf, standard, log, now = () => performance.now(), everyMs = EVERY_MS } = options
  const parts = Object.keys(standard) as Part[]
  const ones = parts.map(() => 1)
  const models = new Map<string, Model>()
  const modelOf = (id: string): Model => {
    const known = models.get(id)
    if (known) return known
    const model = {
      known: sumsOf(ones.map(() => 0)),
      factors: ones,
      lookedAt: Number.NEGATIVE_INFINITY,
      looking: undefined,
      pending: undefined,
    }
    models.set(id, model)
    return model
  }
  /** What this process has noted counts for it at once. */
  const learnFrom = (model: Model) => {
    const sums = model.pending ? added(model.known, model.pending.sums) : model.known
    model.factors = ridgeFactors(sums, { size: parts.length, trust: TRUST })
  }
  /** Writes down what is pending, and reads what all have written. */
  const share = async (id: string, model: Model) => {
    const { pending } = model
    model.pending = undefined
    model.lookedAt = now()
    const faded = FADING ** (pending?.count ?? 0)
    const sums = pending?.sums ?? sumsOf(ones.map(() => 0))
    const known = (await learn(redis, [keyOf(id)], [faded, KEPT_SECONDS, ...sums])) as string[]
    model.known = known.map(Number)
    learnFrom(model)
  }
  const look = (id: string, model: Model): Promise<void> => {
    model.looking ??= share(id, model)
      .catch((error) => log.warn({ err: error, model: id }, 'how a model counts tokens was not learned'))
      .finally(() => {
        model.looking = undefined
      })
    return model.looking
  }
  const timer = setInterval(() => {
    for (const [id, model] of models) if (model.pending) void look(id, model)
  }, everyMs).unref()
  return {
    async weights(id) {
      const model = modelOf(id)
      const isFirst = model.lookedAt === Number.NEGATIVE_INFINITY
      if (now() - model.lookedAt >= everyMs) void look(id, model)
      // Whoever knows older weights does not wait for newer ones.
      if (isFirst && model.looking) await atMost(model.looking, WAIT_MS)
      return Object.fromEntries(
        parts.map((part, nth) => [part, standard[part] * (model.factors[nth] ?? 1)]),
      ) as PromptCounts<Part>
    },
    note(id, counts, tokens) {
      const estimates = parts.map((part) => standard[part] * counts[part])
      const ratio = tokens / estimates.reduce((sum, estimate) => sum + estimate, 0)
      if (!(ratio > 1 / MOST_FACTOR && ratio < MOST_FACTOR)) return
      const model = modelOf(id)
      const weight = Math.sqrt(Math.min(1, tokens / WHOLE_TOKENS))
      // Whatever the length of a prompt, its share of error counts.
      const sums = sumsOf(
        estimates.map((estimate) => (estimate / tokens) * weight),
        weight,
      )
      const { pending } = model
      model.pending = { count: (pending?.count ?? 0) + 1, sums: pending ? added(pending.sums, sums) : sums }
      learnFrom(model)
    },
    async stop() {
      clearInterval(timer)
      await Promise.all(
        Array.from(models, async ([id, model]) => {
          await model.looking
          if (model.pending) await look(id, model)
        }),
      )
    },
  }
}

function sumsOf(shares: readonly number[], weight = 1): number[] {
  const products = shares.flatMap((one, nth) => shares.slice(nth).map((other) => one * other))
  return [...products, ...shares.map((share) => share * weight)]
}

function added(sums: readonly number[], more: readonly number[]): number[] {
  return sums.map((sum, nth) => sum + (more[nth] ?? 0))
}

async function atMost(wait: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([wait, over])
  clearTimeout(timer)
}
