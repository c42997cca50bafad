/** Lets faults meet one kind of process at every durable step, and expects what the contract promises. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { env } from 'node:process'
import { expect } from 'vitest'
import type { Fault } from './fault.ts'
import { COLUMNS, type Row } from './fault-table.ts'
import { STEPS, type Victim } from './steps.ts'
import { type FaultStack, openFaultStack, type Seen, talkThroughFaults } from './talk-run.ts'

/** How often each fault is to happen, and where rows go: set by `pnpm faults`. Without: every step, once per kind. */
const HITS = env.FAULT_HITS === undefined ? undefined : Number(env.FAULT_HITS)
const RESULTS = env.FAULT_RESULTS
const ONLY_STEP = env.FAULT_STEP

/** Rounds until it is given up that a fault meets anybody. */
const MOST_ROUNDS = 12

/** A step that every talk passes is passed so soon. */
const SOON_MS = 6000

/** Of one test: a table takes as long as it takes. */
export const TIMEOUT_MS = HITS === undefined ? 600_000 : 0

/** Proves it for every step of `victim`. */
export async function proveFaults(victim: Victim): Promise<void> {
  const at = await openFaultStack(victim)
  expectPromises(await talkThroughFaults(at, []), 'talk without faults')
  const known = STEPS[victim].map(({ step }) => step)
  const passed = Object.keys(await at.slots.passed())
  expect(passed.filter((step) => !known.includes(step))).toEqual([])
  await (HITS === undefined ? meetEachOnce(at, victim) : fillTable(at, victim, HITS))
}

/** Each step meets each kind of fault once, before it or after it, many steps in one round. */
async function meetEachOnce(at: FaultStack, victim: Victim): Promise<void> {
  for (const kind of ['cut', 'kill', 'freeze'] as const) {
    const sides = COLUMNS.filter((column) => column.kind === kind)
    let open = STEPS[victim].flatMap(({ step, isRare }, i) => {
      const column = sides[i % sides.length]
      return isRare || !column ? [] : [{ step, ...column }]
    })
    for (let round = 0; open.length > 0 && round < MOST_ROUNDS; round++) {
      const faults = open.slice(0, at.slots.count)
      const seen = await talkThroughFaults(at, faults, { withinMs: SOON_MS })
      expectPromises(seen, faults)
      open = [...open.slice(at.slots.count), ...seen.missed]
    }
    expect(open).toEqual([])
  }
}

/** Each cell of the table has runs of its own, until its fault has met `hits` processes. */
async function fillTable(at: FaultStack, victim: Victim, hits: number): Promise<void> {
  const rows: Row[] = []
  for (const { step, means, isRare } of STEPS[victim]) {
    if (ONLY_STEP && step !== ONLY_STEP) continue
    const row: Row = { step, means, cells: [] }
    rows.push(row)
    for (const column of COLUMNS) {
      const fault: Fault = { step, ...column }
      const seen: Seen[] = []
      const met = () => seen.reduce((sum, round) => sum + round.hits, 0)
      while (met() < hits && seen.length < MOST_ROUNDS) {
        if (isRare) await at.passLeadership()
        const faults = Array.from({ length: at.slots.count }, () => fault)
        seen.push(await talkThroughFaults(at, faults, { enough: hits - met(), withRests: isRare === true }))
      }
      row.cells.push({
        hits: met(),
        said: seen.reduce((sum, { said }) => sum + said, 0),
        lost: seen.reduce((sum, { lost, wrong }) => sum + lost.length + wrong.length, 0),
        twice: seen.reduce((sum, { repeated, begun }) => sum + repeated + begun, 0),
        slowestMs: Math.max(...seen.map(({ slowestMs }) => slowestMs)),
      })
      if (RESULTS) writeFileSync(join(RESULTS, `${victim}.json`), JSON.stringify(rows))
      for (const round of seen) expectPromises(round, fault)
    }
  }
}

function expectPromises(seen: Seen, about: unknown): void {
  const { lost, wrong, repeated, begun, counted } = seen
  expect({ about, lost, wrong }).toEqual({ about, lost: [], wrong: [] })
  // Whatever came twice is counted; what was counted may have been lost on its way.
  expect({ about, uncounted: Math.max(0, repeated + begun - counted) }).toEqual({ about, uncounted: 0 })
}
