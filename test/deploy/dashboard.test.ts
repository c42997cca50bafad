import { readFileSync } from 'node:fs'
import { until } from '@chatlane/test-kit'
import { expect, test } from 'vitest'
import { longAnswer } from '../e2e/long-answers.ts'
import { openStack } from '../e2e/stack.ts'
import { openPrometheus, type Sample } from './open-prometheus.ts'

interface Panel {
  title: string
  type: string
  gridPos: { x: number; y: number; w: number; h: number }
  targets?: { expr: string }[]
}

const { panels } = JSON.parse(
  readFileSync(new URL('../../deploy/grafana/dashboards/chatlane.json', import.meta.url), 'utf8'),
) as { panels: Panel[] }
const USERS = [1001, 1002, 1003, 1004, 1005, 1006]
/** What Grafana puts there: some scrapes of this test. */
const RATE_INTERVAL = '10s'
const ANSWERED_WITHIN_MS = 90_000

test('every panel of the dashboard is answered with data by a real Prometheus that scrapes a running installation', async () => {
  const stack = await openStack({
    environment: { MERGE_WINDOW_MS: '0', OPENROUTER_MAX_CONCURRENT: '50', BUDGET_USD_PER_DAY: '10' },
    model: { answers: longAnswer(600), firstTokenMs: [100, 300], totalMs: [2000, 4000] },
  })
  const { telegram } = stack
  const services = await Promise.all(
    (['gateway', 'worker', 'sender', 'monitor'] as const).map((name) => stack.start(name)),
  )
  const prometheus = await openPrometheus(services)
  for (const id of USERS) telegram.phone.createUser({ id })
  // People go on talking until every panel shows something.
  const talk = setInterval(() => {
    for (const id of USERS) telegram.phone.sendText({ from: id, text: 'a question' })
  }, 3000)
  telegram.addFault({ kind: 'flood', probability: 0.05, retryAfterSeconds: 1 })
  stack.model.faults.add({ preset: 'bad_gateway', times: 3 })
  const asked = panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }) => ({ title, query: expr.replaceAll('$__rate_interval', RATE_INTERVAL) })),
  )
  expect(asked.length).toBeGreaterThan(40)
  const unanswered = new Map(asked.map((each) => [each.query, each.title]))
  const endsAt = performance.now() + ANSWERED_WITHIN_MS
  await until(async () => {
    for (const query of unanswered.keys()) {
      const samples = await prometheus.query(query)
      const says = labelsOf(query)
      const isData = ({ labels, value }: Sample) =>
        Number.isFinite(value) && says.every((name) => labels[name])
      if (samples.some(isData)) unanswered.delete(query)
    }
    return unanswered.size === 0 || performance.now() > endsAt
  })
  clearInterval(talk)
  expect([...unanswered]).toEqual([])
  const [updates] = await prometheus.query('sum by (bot) (chatlane_updates_total{bot!=""})')
  expect(updates?.labels).toEqual({ bot: '7001' })
  expect((await prometheus.query('chatlane_ready')).map(({ value }) => value)).toEqual([1, 1, 1, 1])
}, 120_000)

/** What the series of an answer are told apart by. Nothing is held back here: no breaker has a subject. */
function labelsOf(query: string): string[] {
  const [, names = ''] = /\bby \(([^)]*)\)/.exec(query) ?? []
  return names.split(/, */).filter((name) => !['', 'le', 'subject'].includes(name))
}

test('no panels lie upon each other, and all fit the width', () => {
  const cells = panels.flatMap(({ title, gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, i) => ({ title, cell: `${x + (i % w)},${y + Math.floor(i / w)}` })),
  )
  expect(new Set(cells.map(({ cell }) => cell)).size).toBe(cells.length)
  expect(panels.filter(({ gridPos: { x, w } }) => x + w > 24)).toEqual([])
})
