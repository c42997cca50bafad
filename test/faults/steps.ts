/** The durable steps that people's talk with the assistant passes, by the process that makes them. */

/** The processes that faults may meet. */
export type Victim = 'gateway' | 'worker' | 'sender'

/** A step, and what it makes durable. */
export interface Step {
  step: string
  means: string
  /** Few processes make it, or seldom: those that lead, or that have nothing to do. */
  isRare?: true
}

/** In the order in which a message passes them. The names are those of the Lua scripts, where it is one. */
export const STEPS: Record<Victim, readonly Step[]> = {
  gateway: [
    { step: 'append', means: 'an update enters its lane' },
    { step: 'wake-lane', means: 'its lane is woken; Telegram gets its 200' },
  ],
  worker: [
    { step: 'visit-lane', means: 'a job of a lane is worked on' },
    { step: 'take', means: 'a turn begins' },
    { step: 'audience-join', means: 'the chat can be reached by broadcasts' },
    { step: 'action', means: "typing is allowed by the chat's budget" },
    { step: 'reserve', means: 'money is set aside for the answer' },
    { step: 'hold', means: 'it is set aside for longer' },
    { step: 'breaker-enter', means: 'the breakers let the question pass' },
    { step: 'slot-take', means: 'OpenRouter has a slot for it' },
    { step: 'slots-keep', means: 'the process keeps its slots' },
    { step: 'publish', means: 'a preview is to be shown' },
    { step: 'slot-give', means: 'the slot is free again' },
    { step: 'breaker-note', means: 'the breakers hear of the answer' },
    { step: 'settle', means: 'what the answer cost is counted' },
    { step: 'learn-tokens', means: 'how the model counts is shared' },
    { step: 'commit', means: 'the turn ends: reply, context, lane' },
    { step: 'ready', means: 'the chat stands in line for the pump' },
    { step: 'wake-pump', means: 'the pump is woken' },
    { step: 'hold-lease', means: 'the right to sweep is kept' },
    { step: 'wake-lanes', means: 'the sweeper wakes lanes again', isRare: true },
    { step: 'overdue', means: 'what dead workers set aside is found', isRare: true },
    { step: 'overdue-taps', means: 'taps that nobody answers are found', isRare: true },
  ],
  sender: [
    { step: 'lease', means: "a pump is, and stays, this process's" },
    { step: 'grant', means: 'a call is within the budgets' },
    { step: 'attempt', means: 'it is noted that a call will be made' },
    { step: 'hand-over', means: 'it is noted that the call leaves' },
    { step: 'call-telegram', means: 'the call is made' },
    { step: 'note', means: 'what became of it is noted' },
    { step: 'answered', means: 'its place in the budgets is settled' },
    { step: 'release', means: 'an idle pump is given up', isRare: true },
    { step: 'hold-lease', means: 'the right to sweep is kept' },
  ],
}
