/** Ends what a worker still does for a turn that another one has taken over. */

/** The worker that ran an update was replaced: whatever its handler still calls must not go out. */
export class TurnReplacedError extends Error {
  readonly code = 'TURN_REPLACED'

  constructor() {
    super('this run is over: it took too long, or another worker has taken its turn over')
    this.name = 'TurnReplacedError'
  }
}
