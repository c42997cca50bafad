/** Writes series as Prometheus's text format: a family at a time, each described once, histograms made whole. */
import { SECONDS_BUCKETS } from '@chatlane/runtime'
import type { Metric } from './metric-catalogue.ts'

/** A family's series: what follows the family's name (`_sum`, `_bucket`, or nothing), the labels and the value. */
interface Sample {
  part: string
  /** `a="b",c="d"`, without `le`. */
  labels: string
  /** The upper bound of a bucket. */
  le: number | undefined
  value: number
}

const SERIES = /^([a-zA-Z_:][\w:]*)(?:\{((?:[a-zA-Z_]\w*="[^"\\\n]*",?)*)\})?$/
const HISTOGRAM_PART = /_(?:bucket|sum|count)$/

/**
 * The text of `series` (full series names with their values). Every metric of `catalogue` appears, as 0 where it has no
 * series; a series that the catalogue does not know follows with what its name tells of it; a malformed one is left out.
 */
export function renderExposition(
  catalogue: Readonly<Record<string, Metric>>,
  series: ReadonlyMap<string, number>,
): string {
  const families = group(catalogue, series)
  const unknown = [...families.keys()].filter((name) => !Object.hasOwn(catalogue, name)).sort()
  return [...Object.keys(catalogue), ...unknown]
    .map((name) => {
      const samples = families.get(name) ?? []
      const type = catalogue[name]?.type ?? guessType(name, samples)
      const lines = type === 'histogram' ? histogramLines(name, samples) : plainLines(name, samples)
      const help = catalogue[name] ? [`# HELP ${name} ${catalogue[name].help}`] : []
      return `${[...help, `# TYPE ${name} ${type}`, ...lines].join('\n')}\n`
    })
    .join('')
}

/** The samples of each family, the family being the name without a histogram's endings. */
function group(catalogue: Readonly<Record<string, Metric>>, series: ReadonlyMap<string, number>) {
  const parsed = [...series].flatMap(([text, value]) => {
    const [, name, labels = ''] = SERIES.exec(text) ?? []
    return name && !Number.isNaN(value) ? [{ name, labels, value }] : []
  })
  const histograms = new Set(Object.keys(catalogue).filter((name) => catalogue[name]?.type === 'histogram'))
  for (const { name } of parsed)
    if (name.endsWith('_bucket')) histograms.add(name.slice(0, -'_bucket'.length))
  const families = new Map<string, Sample[]>()
  for (const { name, labels, value } of parsed) {
    const base = name.replace(HISTOGRAM_PART, '')
    const family = histograms.has(base) ? base : name
    const le = /(?:^|,)le="([^"]*)"/.exec(labels)?.[1]
    const others = labels.split(/,(?=[a-zA-Z_]\w*=")/).filter((label) => label && !label.startsWith('le="'))
    const sample = {
      part: name.slice(family.length),
      labels: others.join(','),
      le: le === undefined ? undefined : Number(le.replace('+Inf', 'Infinity')),
      value,
    }
    const samples = families.get(family)
    if (samples) samples.push(sample)
    else families.set(family, [sample])
  }
  return families
}

function guessType(name: string, samples: readonly Sample[]): string {
  if (samples.some((sample) => sample.part === '_bucket')) return 'histogram'
  return name.endsWith('_total') ? 'counter' : 'untyped'
}

function plainLines(name: string, samples: readonly Sample[]): string[] {
  if (samples.length === 0) return [line(name, '', 0)]
  return samples.map((sample) => line(name, sample.labels, sample.value)).sort()
}

function histogramLines(name: string, samples: readonly Sample[]): string[] {
  const byLabels = Map.groupBy(samples, (sample) => sample.labels)
  if (byLabels.size === 0) byLabels.set('', [])
  return [...byLabels]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([labels, own]) => oneHistogram(name, labels, own))
}

/**
 * Buckets that nothing fell into are not in the tally: they are as high as the one below. The same holds for a tally
 * that was read between two of its writes, so `_count` is what the last bucket says.
 */
function oneHistogram(name: string, labels: string, samples: readonly Sample[]): string[] {
  const counted = new Map(
    samples.flatMap((sample) => (sample.le === undefined ? [] : [[sample.le, sample.value] as const])),
  )
  const bounds = [...new Set([...SECONDS_BUCKETS, ...counted.keys(), Number.POSITIVE_INFINITY])]
  let highest = 0
  const buckets = bounds
    .filter((bound) => !Number.isNaN(bound))
    .sort((a, b) => a - b)
    .map((bound) => {
      highest = Math.max(highest, counted.get(bound) ?? 0)
      const le = `le="${number(bound)}"`
      return line(`${name}_bucket`, labels === '' ? le : `${labels},${le}`, highest)
    })
  const sum = samples.find((sample) => sample.part === '_sum')?.value ?? 0
  return [...buckets, line(`${name}_sum`, labels, sum), line(`${name}_count`, labels, highest)]
}

function line(name: string, labels: string, value: number): string {
  return `${name}${labels === '' ? '' : `{${labels}}`} ${number(value)}`
}

function number(value: number): string {
  if (Number.isFinite(value)) return String(value)
  return value > 0 ? '+Inf' : '-Inf'
}
