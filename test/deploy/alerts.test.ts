import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { openStack } from '../e2e/stack.ts'

const path = (of: string) => fileURLToPath(new URL(`../../${of}`, import.meta.url))
const RULES = readFileSync(path('deploy/prometheus/alerts.yml'), 'utf8')
const ALERTS = Array.from(RULES.matchAll(/- alert: (\w+)/g), ([, name = '']) => name)

/** Runs Prometheus's own tool; its complaints fail the test. */
async function promtool(...args: string[]): Promise<void> {
  await promisify(execFile)('promtool', args).catch((error: { code?: unknown; stdout?: string }) => {
    if (error.code === 'ENOENT')
      throw new Error('promtool is missing: install it with apt-get install prometheus')
    throw error
  })
}

test('each alert fires where it should and is quiet just below, by promtool', async () => {
  await promtool('check', 'config', path('deploy/prometheus/prometheus.yml'))
  await promtool('test', 'rules', path('deploy/prometheus/alerts.test.yml'))
  const tests = readFileSync(path('deploy/prometheus/alerts.test.yml'), 'utf8')
  expect(ALERTS.filter((name) => !tests.includes(`alertname="${name}"`))).toEqual([])
})

test('each alert names its section of what to do, and there is no section without one', () => {
  const page = readFileSync(path('docs/operating.md'), 'utf8')
  const sections = Array.from(page.matchAll(/^## (Chatlane\w+)$/gm), ([, name]) => name)
  expect(sections).toEqual(ALERTS)
  const named = Array.from(RULES.matchAll(/runbook: docs\/operating\.md#(\w+)/g), ([, anchor]) => anchor)
  expect(named).toEqual(ALERTS.map((name) => name.toLowerCase()))
})

test('every metric that an alert asks for is there, before anything has happened', async () => {
  const stack = await openStack({})
  const services = await Promise.all(
    (['gateway', 'worker', 'sender', 'monitor'] as const).map((name) => stack.start(name)),
  )
  const texts = await Promise.all(
    services.map(async ({ address }) => (await fetch(`${await address}/metrics`)).text()),
  )
  const there = new Set(texts.join('\n').match(/^chatlane_\w+/gm))
  const asked = new Set(RULES.match(/chatlane_\w+/g))
  expect(asked.size).toBeGreaterThan(10)
  expect([...asked].filter((name) => !there.has(name))).toEqual([])
}, 60_000)
