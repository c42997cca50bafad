/** What is explored: small scenes whole in every test run, larger ones by `pnpm interleavings`. */
import type { FaultName } from './fault-moves.ts'
import type { Scene } from './world.ts'

/** A scene with a name, and the one kind of fault that may happen in it once. */
export interface NamedScene extends Scene {
  name: string
  faults: 0 | 1
  fault?: FaultName
  /** Millions of worlds: minutes. */
  isLarge?: true
}

const BOTH = { updates: ['u', 'v'], workers: 2, pumps: 2 }
const ONE = { updates: ['u'], workers: 2, pumps: 2 }

/** All of them. Where nobody sweeps and nothing fails, no wake-up may be lost. */
export const SCENES: readonly NamedScene[] = [
  { name: 'two updates, nobody sweeps', ...BOTH, sweeps: undefined, faults: 0 },
  {
    name: 'one update that comes twice, nobody sweeps',
    ...BOTH,
    updates: ['u', 'u'],
    sweeps: undefined,
    faults: 0,
  },
  { name: 'one update among two sweeps', ...ONE, sweeps: 2, faults: 0 },
  { name: 'one update, a process dies', ...ONE, sweeps: 1, faults: 1, fault: 'crash' },
  { name: 'one update, an operator removes a wake-up', ...ONE, sweeps: 1, faults: 1, fault: 'removed wake' },
  { name: 'one update, an answer of Redis is lost', ...ONE, sweeps: 0, faults: 1, fault: 'resend' },
  {
    name: 'one update, one pump, a process freezes',
    ...ONE,
    pumps: 1,
    sweeps: 0,
    faults: 1,
    fault: 'freeze',
    isLarge: true,
  },
  {
    name: 'one update, one worker, a process freezes',
    ...ONE,
    workers: 1,
    sweeps: 0,
    faults: 1,
    fault: 'freeze',
  },
  { name: 'one update, a process freezes', ...ONE, sweeps: 0, faults: 1, fault: 'freeze', isLarge: true },
  { name: 'two updates, a process dies', ...BOTH, sweeps: 0, faults: 1, fault: 'crash', isLarge: true },
  {
    name: 'two updates, an operator removes a wake-up',
    ...BOTH,
    sweeps: 0,
    faults: 1,
    fault: 'removed wake',
  },
  {
    name: 'two updates, an answer of Redis is lost',
    ...BOTH,
    sweeps: undefined,
    faults: 1,
    fault: 'resend',
  },
]
