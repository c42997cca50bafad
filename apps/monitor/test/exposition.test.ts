import { expect, test } from 'vitest'
import { renderExposition } from '../src/exposition.ts'
import type { Metric } from '../src/metric-catalogue.ts'
import { parseExposition } from './parse-exposition.ts'

const CATALOGUE: Record<string, Metric> = {
  calls_total: { type: 'counter', help: 'Calls.' },
  wait_seconds: { type: 'histogram', help: 'Waiting.' },
}
const render = (series: Record<string, number>) =>
  renderExposition(CATALOGUE, new Map(Object.entries(series)))

test('a metric without a value is there as 0', () => {
  const parsed = parseExposition(render({}))
  expect(parsed.values.get('calls_total')).toBe(0)
  expect(parsed.values.get('wait_seconds_count')).toBe(0)
  expect(parsed.values.get('wait_seconds_bucket{le="+Inf"}')).toBe(0)
})

test('series of one family stand together under one description', () => {
  const text = render({ 'calls_total{bot="2"}': 1, other_total: 3, 'calls_total{bot="1"}': 2 })
  expect(text).toMatch(
    /^# HELP calls_total Calls\.\n# TYPE calls_total counter\ncalls_total\{bot="1"\} 2\ncalls_total\{bot="2"\} 1\n/,
  )
  expect(text).toContain('# TYPE other_total counter\nother_total 3\n')
  parseExposition(text)
})

test('buckets are sorted by their bounds and never fall, also where a tally was read between two writes', () => {
  const text = render({
    'wait_seconds_bucket{bot="1",le="+Inf"}': 2,
    'wait_seconds_bucket{bot="1",le="10"}': 1,
    'wait_seconds_bucket{bot="1",le="2.5"}': 2,
    'wait_seconds_sum{bot="1"}': 7.5,
    'wait_seconds_count{bot="1"}': 1,
  })
  const { values } = parseExposition(text)
  const buckets = [...values].filter(([series]) => series.startsWith('wait_seconds_bucket'))
  expect(buckets.map(([series]) => /le="([^"]+)"/.exec(series)?.[1])).toEqual(
    '0.005 0.01 0.025 0.05 0.1 0.25 0.5 1 2.5 5 10 30 60 300 +Inf'.split(' '),
  )
  expect(buckets.map(([, value]) => value)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 2, 2, 2, 2, 2])
  expect(values.get('wait_seconds_sum{bot="1"}')).toBe(7.5)
  expect(values.get('wait_seconds_count{bot="1"}')).toBe(2)
})

test('a histogram that the catalogue does not know is known by its buckets', () => {
  const text = render({
    'new_seconds_bucket{le="1"}': 1,
    'new_seconds_bucket{le="+Inf"}': 1,
    new_seconds_sum: 1,
    new_seconds_count: 1,
  })
  expect(text.match(/# TYPE new_seconds\w* \w+/g)).toEqual(['# TYPE new_seconds histogram'])
  parseExposition(text)
})

test('a field that is no series does not spoil the rest', () => {
  const text = render({ 'broken{': 1, 'bad name': 1, 'calls_total{bot="1"}': 4, nan_total: Number.NaN })
  expect(parseExposition(text).values.get('calls_total{bot="1"}')).toBe(4)
  expect(text).not.toMatch(/broken|bad name|nan_total/)
})
