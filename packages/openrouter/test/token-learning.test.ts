import { createLog } from '@chatlane/runtime'
import { openTestRedis } from '@chatlane/test-kit'
import { expect, onTestFinished, test } from 'vitest'
import { ridgeFactors } from '../src/ridge-factors.ts'
import { learnTokens, type TokenLearning } from '../src/token-learning.ts'

const STANDARD = { latin: 0.25, other: 0.4, wide: 1, messages: 4 }
type Part = keyof typeof STANDARD
type Counts = Record<Part, number>
const REAL: Counts = { latin: 0.22, other: 0.52, wide: 0.8, messages: 6 }
const cost = (counts: Counts, weights: Counts) =>
  Object.entries(counts).reduce((sum, [part, count]) => sum + count * weights[part as Part], 0)

function openLearning() {
  const { redis, prefix } = openTestRedis()
  const log = createLog({ service: 'test', level: 'silent' })
  const open = () => {
    const keyOf = (model: string) => `${prefix}:tokens:${model}`
    const learning = learnTokens({ redis, keyOf, standard: STANDARD, log })
    onTestFinished(() => learning.stop())
    return learning
  }
  return { redis, prefix, open }
}

/** Draws from [0, 1), the same in every run. */
function draws(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return state / 4_294_967_296
  }
}

/** Prompts as chats have them: from 200 characters to 10,000, mostly in one alphabet. */
function promptsOf(seed: number, count: number): Counts[] {
  const draw = draws(seed)
  return Array.from({ length: count }, () => {
    const length = 200 * 50 ** draw()
    const foreign = draw() < 0.5 ? 0.05 : 0.9
    const wide = draw() < 0.2 ? length * 0.02 : 0
    return {
      latin: length * (1 - foreign),
      other: length * foreign,
      wide,
      messages: 2 + Math.floor((draw() * length) / 120),
    }
  })
}

/** Texts of one alphabet do not all cost the same: each prompt is off by up to so much. */
const NOISE = 0.08
function teach(
  learning: TokenLearning<Part>,
  { seed, count, real = REAL }: { seed: number; count: number; real?: Counts },
) {
  const draw = draws(seed + 1)
  for (const counts of promptsOf(seed, count)) {
    learning.note('a/one', counts, Math.round(cost(counts, real) * (1 + NOISE * (2 * draw() - 1))))
  }
}

/** How far the estimates of prompts that were never seen lie from what they come to. */
function errorsOf(weights: Counts, real = REAL) {
  const errors = promptsOf(4711, 400).map((counts) =>
    Math.abs(cost(counts, weights) / cost(counts, real) - 1),
  )
  errors.sort((one, other) => one - other)
  return {
    mean: errors.reduce((sum, error) => sum + error, 0) / errors.length,
    p95: errors[380] ?? Number.NaN,
  }
}

test('of a model that nobody has heard of, the standard weights are taken', async () => {
  const { open } = openLearning()
  expect(await open().weights('a/one')).toEqual(STANDARD)
})

test('after some prompts the estimate is within a few percent, for every alphabet, in every process', async () => {
  const { redis, prefix, open } = openLearning()
  const [one, two] = [open(), open()]
  expect(errorsOf(STANDARD).mean).toBeGreaterThan(0.1)
  teach(one, { seed: 1, count: 15 })
  teach(two, { seed: 2, count: 15 })
  await Promise.all([one.stop(), two.stop()])
  const { mean, p95 } = errorsOf(await open().weights('a/one'))
  expect(mean).toBeLessThan(0.03)
  expect(p95).toBeLessThan(0.06)
  expect(await redis.ttl(`${prefix}:tokens:a/one`)).toBeGreaterThan(29 * 24 * 3600)
  expect(await open().weights('b/two')).toEqual(STANDARD)
})

test('one prompt says much of its alphabet and nothing of others', async () => {
  const { open } = openLearning()
  const first = open()
  first.note('a/one', { latin: 8000, other: 0, wide: 0, messages: 1 }, 3000)
  await first.stop()
  const weights = await open().weights('a/one')
  expect(weights.latin * 8000).toBeGreaterThan(2850)
  expect(weights.other).toBeCloseTo(STANDARD.other)
})

test('a model that begins to count otherwise is learned anew', async () => {
  const { open } = openLearning()
  const before = open()
  teach(before, { seed: 3, count: 400 })
  await before.stop()
  const real = { latin: 0.3, other: 0.3, wide: 1, messages: 4 }
  for (let round = 0; round < 6; round++) {
    const after = open()
    teach(after, { seed: 10 + round, count: 400, real })
    await after.stop()
  }
  expect(errorsOf(await open().weights('a/one'), real).mean).toBeLessThan(0.03)
})

test('nonsense is not learned, and no weight leaves its bounds', async () => {
  const { redis, prefix, open } = openLearning()
  const learning = open()
  const counts = { latin: 4000, other: 0, wide: 0, messages: 1 }
  for (const tokens of [0, 3, 1_000_000, Number.NaN]) learning.note('a/one', counts, tokens)
  learning.note('a/one', { latin: 0, other: 0, wide: 0, messages: 0 }, 100)
  await learning.stop()
  expect(await redis.exists(`${prefix}:tokens:a/one`)).toBe(0)
  const high = open()
  for (let n = 0; n < 50; n++) high.note('a/one', counts, 4900)
  await high.stop()
  expect((await open().weights('a/one')).latin).toBeCloseTo(STANDARD.latin * 4)
})

test('the factors are those that make the samples true', () => {
  // 0.5 a + 0.25 b, and a alone, are both 1.
  const samples = [
    [0.5, 0.25],
    [1, 0],
  ]
  const sums = [
    ...[0, 0, 0].map((_, nth) =>
      samples.reduce((sum, [a = 0, b = 0]) => sum + ([a * a, a * b, b * b][nth] ?? 0), 0),
    ),
    ...[0, 1].map((nth) => samples.reduce((sum, sample) => sum + (sample[nth] ?? 0), 0)),
  ]
  const [a = 0, b = 0] = ridgeFactors(sums, { size: 2, trust: 1e-6 })
  expect(a).toBeCloseTo(1, 3)
  expect(b).toBeCloseTo(2, 3)
})
