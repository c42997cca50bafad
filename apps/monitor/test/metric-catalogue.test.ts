import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { METRICS } from '../src/metric-catalogue.ts'

test('every metric that the code counts is described', () => {
  const cwd = fileURLToPath(new URL('../../..', import.meta.url))
  const files = globSync(['apps/*/src/**/*.ts', 'packages/*/src/**/*.{ts,lua}'], { cwd })
  const counted = files.flatMap((file) =>
    [...readFileSync(`${cwd}/${file}`, 'utf8').matchAll(/chatlane_[a-z0-9_]+_(?:total|seconds)\b/g)].map(
      ([name]) => name,
    ),
  )
  expect(counted.length).toBeGreaterThan(20)
  expect([...new Set(counted)].filter((name) => !Object.hasOwn(METRICS, name))).toEqual([])
})
