/** One update on its way through an author's code: what its calls, its session and its effects hang on. */
import type { Turn } from '@chatlane/lanes'
import type { Effects } from './effects.ts'
import type { TurnCalls } from './turn-calls.ts'
import type { TurnSessions } from './turn-sessions.ts'

/** What belongs to one run of one update. */
export interface HandlerTurn {
  turn: Turn
  calls: TurnCalls
  sessions: TurnSessions
  effects: Effects
  /**
   * `ended`: what is called from now on (by a timer that it left behind) belongs to no turn. `abandoned`: it took too
   * long, or another worker runs the update now: what it still calls must not go out.
   */
  state: 'running' | 'ended' | 'abandoned'
}
