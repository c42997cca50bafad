/** What may go wrong: a process dies, freezes, or hears no answer and asks again; locks and leases run out. */
import type { Laboratory } from './laboratory.ts'
import { removeWake, stallWake } from './wake-queue.ts'
import type { Mortal, Move, Pump, Worker, World } from './world.ts'

/** Which faults are explored. */
export type FaultName = 'crash' | 'freeze' | 'resend' | 'removed wake'

/** What may go wrong next. */
export function faultMoves(world: World, kinds: readonly FaultName[]): Move[] {
  if (world.faults === 0) return []
  const after = { ...world, faults: world.faults - 1 }
  const moves: Move[] = []
  if (kinds.includes('crash')) {
    // Telegram delivers again what was not acknowledged.
    for (const [i, producer] of world.producers.entries())
      if (producer.at === 'waking')
        moves.push(
          now(`producer ${i} dies`, {
            ...after,
            producers: after.producers.with(i, { ...producer, at: 'appending' }),
          }),
        )
    for (const [i, worker] of world.workers.entries())
      if (isBusy(worker))
        moves.push(
          now(`worker ${i} dies`, { ...after, workers: after.workers.with(i, { ...worker, at: 'dead' }) }),
        )
    for (const [i, pump] of world.pumps.entries())
      if (isBusy(pump))
        moves.push(now(`pump ${i} dies`, { ...after, pumps: after.pumps.with(i, { ...pump, at: 'dead' }) }))
  }
  if (kinds.includes('freeze')) {
    for (const [i, producer] of world.producers.entries())
      if (producer.at === 'waking')
        moves.push(
          now(`producer ${i} freezes`, { ...after, producers: after.producers.with(i, frozen(producer)) }),
        )
    for (const [i, worker] of world.workers.entries())
      if (isBusy(worker))
        moves.push(now(`worker ${i} freezes`, { ...after, workers: after.workers.with(i, frozen(worker)) }))
    for (const [i, pump] of world.pumps.entries())
      if (isBusy(pump))
        moves.push(now(`pump ${i} freezes`, { ...after, pumps: after.pumps.with(i, frozen(pump)) }))
  }
  if (kinds.includes('removed wake')) {
    const [inbox, outbox] = [removeWake(world.inbox), removeWake(world.outbox)]
    if (inbox) moves.push(now('an operator removes a wake-up of the lane', { ...after, inbox }))
    if (outbox) moves.push(now('an operator removes a wake-up of the pump', { ...after, outbox }))
  }
  return moves
}

/** The step of a process is made and its answer lost: its client sends it again. Only Redis has changed. */
export function resendMoves(world: World, moves: readonly Move[]): Move[] {
  if (world.faults === 0) return []
  return moves
    .filter(({ isSentAgain }) => isSentAgain)
    .map((move) => ({
      name: `${move.name}, and hears no answer`,
      async make(laboratory) {
        const { stored, inbox, outbox, committed } = await move.make(laboratory)
        return { ...world, stored, inbox, outbox, committed, faults: world.faults - 1 }
      },
    }))
}

/** The end of a freeze, and what time does to the locks and leases of processes that died or froze. */
export function timeMoves(laboratory: Laboratory, world: World): Move[] {
  return [...thaws(world), ...runsOut(laboratory, world)]
}

/** Whether a lock or lease of a process that died or froze still stands. */
export function isRunningOut(laboratory: Laboratory, world: World): boolean {
  return runsOut(laboratory, world).length > 0
}

function thaws(world: World): Move[] {
  const { producers, workers, pumps } = world
  return [
    ...producers.flatMap((producer, i) =>
      goesOn(producer, `producer ${i}`, (thawed) => ({ ...world, producers: producers.with(i, thawed) })),
    ),
    ...workers.flatMap((worker, i) =>
      goesOn(worker, `worker ${i}`, (thawed) => ({
        ...world,
        // It looks at no clock of its own.
        workers: workers.with(i, { ...thawed, wasFrozen: false }),
      })),
    ),
    ...pumps.flatMap((pump, i) =>
      goesOn(pump, `pump ${i}`, (thawed) => ({ ...world, pumps: pumps.with(i, thawed) })),
    ),
  ]
}

function goesOn<T extends Mortal>(process: T, name: string, world: (thawed: T) => World): Move[] {
  return process.isFrozen ? [now(`${name} goes on`, world({ ...process, isFrozen: false }))] : []
}

function runsOut(laboratory: Laboratory, world: World): Move[] {
  const moves: Move[] = []
  for (const [i, worker] of world.workers.entries()) {
    if (isGone(worker) && world.inbox.active[i])
      moves.push(now(`worker ${i} loses its job`, { ...world, inbox: stallWake(world.inbox, i) }))
  }
  for (const [i, pump] of world.pumps.entries()) {
    if (!isGone(pump)) continue
    if (world.outbox.active[i])
      moves.push(now(`pump ${i} loses its job`, { ...world, outbox: stallWake(world.outbox, i) }))
    if (pump.token !== '' && laboratory.pumpLease(world.stored) === pump.token)
      moves.push({
        name: `the lease of pump ${i} runs out`,
        make: async () => ({ ...world, stored: await laboratory.endLease(world.stored) }),
      })
  }
  return moves
}

function now(name: string, next: World): Move {
  return { name, make: () => next }
}

function isBusy(process: Worker | Pump): boolean {
  return process.at !== 'idle' && process.at !== 'dead' && !process.isFrozen
}

function isGone(process: Worker | Pump): boolean {
  return process.at === 'dead' || process.isFrozen
}

function frozen<T extends Mortal>(process: T): T {
  return { ...process, isFrozen: true, wasFrozen: true }
}
