/** Fail points: around every durable step, where a test lets this process die, freeze or lose Redis. Off in production. */

/**
 * When a step is passed. `before`: nothing of it has left. `sent`: it is on its way, and its answer unknown. `after`: its
 * answer is here, and nobody has acted on it.
 */
export type FailSide = 'before' | 'sent' | 'after'

/** What a test does at a fail point. It must not throw: what is injected is a dead process, not an error. */
export type Trap = (step: string, side: FailSide) => void

let trap: Trap | undefined

/** Arms every fail point of this process. No setting does it: a test loads the code that calls this into the process. */
export function armFailPoints(armed: Trap): void {
  trap = armed
}

/** Passes the fail point of `step`, named after what it makes durable. */
function passFailPoint(step: string, side: FailSide): void {
  trap?.(step, side)
}

/** Makes a durable step between its fail points. Costs a comparison where none is armed. */
export function durableStep<T>(step: string, make: () => Promise<T>): Promise<T> {
  return trap ? trapped(step, make) : make()
}

async function trapped<T>(step: string, make: () => Promise<T>): Promise<T> {
  passFailPoint(step, 'before')
  const answer = make()
  passFailPoint(step, 'sent')
  const made = await answer
  passFailPoint(step, 'after')
  return made
}
