/** What a command ends with where it was used wrongly. */

/** Thrown where the command was used wrongly: one line, and the process ends with 1. */
export class UsageError extends Error {
  readonly code = 'USAGE'

  constructor(message: string) {
    super(message)
    this.name = 'UsageError'
  }
}
