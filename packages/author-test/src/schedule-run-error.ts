/** The error of a run by the clock that did not end well. */

/** Thrown where a run of a schedule failed for good, or did not end in time; the message shows what went wrong. */
export class ScheduleRunError extends Error {
  readonly code = 'SCHEDULE_RUN'

  constructor(name: string, what: string) {
    super(`the schedule ${name} ${what}`)
    this.name = 'ScheduleRunError'
  }
}
