import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startCommand } from '@chatlane/test-kit'
import { expect, onTestFinished, test } from 'vitest'
import { faultTable, type Row, readSeen } from './faults/fault-table.ts'
import { STEPS, type Victim } from './faults/steps.ts'

const path = (of: string) => fileURLToPath(new URL(of, import.meta.url))
const PAGE = path('../ARCHITECTURE.md')

test('in the table of faults each has met its step ten times, and nothing was lost', () => {
  const seen = readSeen()
  expect(readFileSync(PAGE, 'utf8')).toContain(faultTable(seen))
  for (const [victim, rows] of Object.entries(seen) as [Victim, Row[]][]) {
    for (const { step, means, cells } of rows) {
      expect(STEPS[victim].map((known) => `${known.step}: ${known.means}`)).toContain(`${step}: ${means}`)
      const short = cells.filter(({ hits, lost }) => hits < 10 || lost > 0)
      expect({ step, cells: cells.length, short }).toEqual({ step, cells: 6, short: [] })
    }
  }
})

test('pnpm faults writes the row of a step into the table', async () => {
  const into = mkdtempSync(join(tmpdir(), 'fault-table-'))
  onTestFinished(() => rmSync(into, { recursive: true }))
  copyFileSync(PAGE, join(into, 'ARCHITECTURE.md'))
  copyFileSync(path('./faults/seen.json'), join(into, 'seen.json'))
  const { ended } = startCommand({
    main: path('./faults/main.ts'),
    args: ['1', 'gateway', 'append', '--into', into],
    env: { PATH: process.env.PATH ?? '' },
    cwd: path('..'),
  })
  const { code, out } = await ended
  expect({ code, out: code === 0 ? '' : out }).toEqual({ code: 0, out: '' })
  const [append] = readSeen(join(into, 'seen.json')).gateway
  expect(append?.cells.map(({ hits, lost }) => ({ isMet: hits >= 1, lost }))).toEqual(
    Array.from({ length: 6 }, () => ({ isMet: true, lost: 0 })),
  )
  expect(readFileSync(join(into, 'ARCHITECTURE.md'), 'utf8')).toContain(
    faultTable(readSeen(join(into, 'seen.json'))),
  )
}, 300_000)

test('pnpm interleavings walks the scenes that it is asked for', async () => {
  const { ended } = startCommand({
    main: path('./interleavings/main.ts'),
    args: ['comes', 'twice'],
    env: { PATH: process.env.PATH ?? '' },
    cwd: path('..'),
  })
  const { code, out } = await ended
  expect(out).toMatch(/one update that comes twice, nobody sweeps: \d+ worlds/)
  expect(code).toBe(0)
}, 120_000)

test('pnpm chaos does a round again from its seed', async () => {
  const { ended } = startCommand({
    main: path('./chaos/main.ts'),
    args: ['1', '4711'],
    env: { PATH: process.env.PATH ?? '' },
    cwd: path('..'),
  })
  const { code, out } = await ended
  expect(out).toMatch(/seed 4711: 250 said/)
  expect(out).toMatch(/\d rounds: \d+ messages said/)
  expect(code).toBe(0)
}, 180_000)

test('pnpm soak finds what the installation can do, and measures it for as long as is asked for', async () => {
  const { ended } = startCommand({
    main: path('./soak/main.ts'),
    args: ['0.1'],
    env: { PATH: process.env.PATH ?? '' },
    cwd: mkdtempSync(join(tmpdir(), 'soak-')),
  })
  const { code, out } = await ended
  expect(out).toMatch(/"capacityPerSecond": \d+/)
  expect(out).toContain('"aliveMiBPerMinute"')
  expect(code).toBe(0)
}, 180_000)
