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
  /** Whether the run is over: what is called afterwards (by a timer that it left behind) belongs to no turn. */
  isOver: boolean
}
