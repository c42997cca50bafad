/** Walks every order of the steps of a scene, and expects in each what the contract promises. */
import { type FaultName, faultMoves, isRunningOut, resendMoves, timeMoves } from './fault-moves.ts'
import type { Laboratory } from './laboratory.ts'
import { pumpMoves, renewMoves } from './pump-moves.ts'
import { sweeperMoves } from './sweeper-moves.ts'
import { producerMoves, workerMoves } from './worker-moves.ts'
import { BrokenPromise, firstWorld, type Move, type Scene, type World, worldText } from './world.ts'

/** How far the clock moves where everybody waits: longer than any attempt stands. */
const LEAP_MS = 20_000
const MOST_LEAPS = 10
/** Of a frozen process: it goes on before an attempt may be repeated, or after it. */
const MOST_LEAPS_FROZEN = 1

/** What was walked. */
export interface Walk {
  worlds: number
  steps: number
  /** Worlds in which nothing is left to do. */
  ends: number
}

/** Walks the scene. Throws a BrokenPromise that tells the way there. */
export async function explore(
  laboratory: Laboratory,
  scene: Scene,
  { faults = [] }: { faults?: readonly FaultName[] } = {},
): Promise<Walk> {
  const first = firstWorld(laboratory, scene)
  const numbers = new Map([[worldText(first), 0]])
  const cameBy: { from: number; move: string }[] = [{ from: -1, move: '' }]
  /** From which worlds each can be reached. */
  const before: number[][] = [[]]
  const ends: number[] = []
  const open: { number: number; world: World }[] = [{ number: 0, world: first }]
  let steps = 0
  for (let next = open.pop(); next; next = open.pop()) {
    const { number, world } = next
    const go = async (moves: readonly Move[]): Promise<boolean> => {
      let hasGone = false
      for (const move of moves) {
        const after = await move.make(laboratory)
        const text = worldText(after)
        let reached = numbers.get(text)
        // Who waits asks again, and nothing has changed.
        if (reached === number) continue
        hasGone = true
        steps++
        if (reached === undefined) {
          reached = numbers.size
          numbers.set(text, reached)
          cameBy.push({ from: number, move: move.name })
          before.push([])
          open.push({ number: reached, world: after })
        }
        before[reached]?.push(number)
      }
      return hasGone
    }
    try {
      const work = workOf(world)
      const isAtWork = await go(work)
      const isMoving = await go([
        ...(faults.includes('resend') ? resendMoves(world, work) : []),
        ...faultMoves(world, faults),
        ...timeMoves(laboratory, world),
        ...sweeperMoves(laboratory, world, !isAtWork),
        ...(isAtWork ? [] : leaps(laboratory, world)),
      ])
      if (isAtWork || isMoving) continue
      expectAllDone(laboratory, world, scene)
      ends.push(number)
    } catch (error) {
      if (error instanceof BrokenPromise) error.message += `\n${wayTo(cameBy, number).join('\n')}`
      throw error
    }
  }
  expectNoCircles(before, ends, cameBy)
  return { worlds: numbers.size, steps, ends: ends.length }
}

function workOf(world: World): Move[] {
  const alive = (processes: readonly { isFrozen: boolean }[], moves: (i: number) => Move[]) =>
    processes.flatMap(({ isFrozen }, i) => (isFrozen ? [] : moves(i)))
  return [
    ...alive(world.producers, (i) => producerMoves(world, i)),
    ...alive(world.workers, (i) => workerMoves(world, i)),
    ...alive(world.pumps, (i) => [...pumpMoves(world, i), ...renewMoves(world, i)]),
  ]
}

/** Where everybody waits and something is left, only time can go on. Locks and leases run out before. */
function leaps(laboratory: Laboratory, world: World): Move[] {
  const { stored, frozenLeaps } = world
  if (stored.atMs >= MOST_LEAPS * LEAP_MS || laboratory.leftovers(stored).length === 0) return []
  if (isRunningOut(laboratory, world)) return []
  const isFrozen = [...world.producers, ...world.workers, ...world.pumps].some((process) => process.isFrozen)
  if (isFrozen && frozenLeaps >= MOST_LEAPS_FROZEN) return []
  const after = { ...world, frozenLeaps: frozenLeaps + (isFrozen ? 1 : 0) }
  return [
    { name: 'time passes', make: () => ({ ...after, stored: { ...stored, atMs: stored.atMs + LEAP_MS } }) },
  ]
}

function expectAllDone(laboratory: Laboratory, world: World, { updates }: Scene): void {
  const { stored, committed, answered, shown } = world
  const left = laboratory.leftovers(stored)
  if (left.length > 0) throw new BrokenPromise(`something stays behind: ${left.join(', ')}`)
  for (const update of new Set(updates)) {
    if (!committed.includes(update)) throw new BrokenPromise(`nobody took ${update}`)
    if (!answered.includes(update)) throw new BrokenPromise(`nobody saw the reply to ${update}`)
  }
  if (answered.join() !== committed.join()) throw new BrokenPromise(`the replies came as ${answered.join()}`)
  const more = Object.values(shown).reduce((sum, { replies, begun }) => sum + replies + begun - 1, 0)
  const counted = laboratory.countedRepeats(stored)
  if (more > counted) throw new BrokenPromise(`${more} messages came twice, and ${counted} were counted`)
}

function expectNoCircles(
  before: readonly (readonly number[])[],
  ends: readonly number[],
  cameBy: readonly { from: number; move: string }[],
): void {
  const ending = new Set(ends)
  for (const number of ending) for (const earlier of before[number] ?? []) ending.add(earlier)
  const lost = before.findIndex((_, number) => !ending.has(number))
  if (lost >= 0) throw new BrokenPromise(`from here on it never ends:\n${wayTo(cameBy, lost).join('\n')}`)
}

function wayTo(cameBy: readonly { from: number; move: string }[], number: number): string[] {
  const way: string[] = []
  for (let at = cameBy[number]; at && at.from >= 0; at = cameBy[at.from]) way.unshift(at.move)
  return way
}
