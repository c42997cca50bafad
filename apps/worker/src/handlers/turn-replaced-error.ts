/** Ends what a worker still does for a turn that another one has taken over. */

/** The worker that ran an update was replaced: whatever its handler still calls must not go out. */
export class TurnReplacedError extends Error {
  readonly code = 'TURN_REPLACED'

  constructor() {
    super('another worker has taken this turn over')
    this.name = 'TurnReplacedError'
  }
}
