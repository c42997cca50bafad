/** What the sweeper does next. */
import { LANE, type Laboratory } from './laboratory.ts'
import { addWake } from './wake-queue.ts'
import type { Move, Sweeper, World } from './world.ts'

/** `isQuiet`: nobody else can do anything, so that a sweep costs none of those that may come among their steps. */
export function sweeperMoves(laboratory: Laboratory, world: World, isQuiet: boolean): Move[] {
  const { sweeper } = world
  const go = (next: World, change: Partial<Sweeper>): World => ({
    ...next,
    sweeper: { ...next.sweeper, ...change },
  })
  const move = (name: string, make: Move['make']): Move => ({ name: `sweeper ${name}`, make })
  switch (sweeper.at) {
    case 'resting': {
      if (sweeper.left < 0 || (sweeper.left === 0 && !isQuiet)) return []
      const left = isQuiet ? sweeper.left : sweeper.left - 1
      const marks = laboratory.leftovers(world.stored)
      const moves: Move[] = []
      // What waits already is not woken more awake: rounds without end would make worlds without end.
      const isLaneAwake = isQuiet && world.inbox.waiting.length > 0
      const isPumpAwake = isQuiet && world.outbox.waiting.length > 0
      if (!isLaneAwake && marks.some((mark) => mark.endsWith(':dirty')))
        moves.push(move('sees the lane', () => go(world, { at: 'waking the lane', left })))
      if (!isPumpAwake && marks.some((mark) => mark.endsWith(':outdirty')))
        moves.push(move('sees the outbox', () => go(world, { at: 'looking at heads', left })))
      return moves
    }
    case 'waking the lane':
      return [move('wakes the lane', () => go({ ...world, inbox: addWake(world.inbox) }, { at: 'resting' }))]
    case 'looking at heads':
      return [
        move('looks at heads', async () => {
          const { answer, stored } = await laboratory.make(world.stored, 'heads', ['outbox'], ({ outbox }) =>
            outbox.heads([LANE]),
          )
          const headClass = answer[0] ?? ''
          return go(
            { ...world, stored },
            headClass === '' ? { at: 'resting' } : { at: 'readying', headClass },
          )
        }),
      ]
    case 'readying':
      return [
        move('readies the chat', async () => {
          const { answer, stored } = await laboratory.readyChat(world.stored, sweeper.headClass)
          return go({ ...world, stored }, { at: answer ? 'resting' : 'waking the pump', headClass: '' })
        }),
      ]
    case 'waking the pump':
      return [
        move('wakes a pump', () =>
          go({ ...world, outbox: addWake(world.outbox, { force: true }) }, { at: 'resting' }),
        ),
      ]
  }
}
