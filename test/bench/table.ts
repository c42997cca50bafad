/** Figures of several runs, as a reader wants them: the median, and how far the runs lay apart. */

/** The figures of one side of a benchmark. */
export interface Figures {
  benchmark: string
  side: string
  unit: string
  /** One per run. */
  runs: number[]
}

/** One figure of one run. */
export interface Row {
  what: string
  side: string
  unit: string
  value: number
}

/** The middle of the runs. */
export function median(runs: readonly number[]): number {
  const sorted = runs.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2
}

/** What so large a share of the values does not go beyond. */
export function percentiles(values: readonly number[]): {
  p50: number
  p95: number
  p99: number
  max: number
} {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) }
}

/** Median of the pairwise ratios of two sides that ran in turn. */
export function medianRatio(a: readonly number[], b: readonly number[]): number {
  return median(a.map((value, index) => value / (b[index] ?? Number.NaN)))
}

/** A Markdown table of `figures`. */
export function figuresTable(figures: readonly Figures[]): string {
  const number = (value: number) => (value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(2))
  const rows = figures.map(({ benchmark, side, unit, runs }) => {
    const spread = `${number(Math.min(...runs))} – ${number(Math.max(...runs))}`
    return `| ${benchmark} | ${side} | ${number(median(runs))} ${unit} | ${spread} | ${runs.length} |`
  })
  return ['| benchmark | side | median | spread | runs |', '| --- | --- | --- | --- | --- |', ...rows].join(
    '\n',
  )
}
