/**
 * The mark on what waits in Redis for another process: during an upgrade, and while one is taken back, two releases run
 * side by side, and what the newer one wrote is left to it.
 */

/** What this release writes, and the newest that it reads. Raised with the meaning of any payload or job. */
const FORMAT = 1

/** It was written by a newer release: a process of that one must take it. */
export class NewerFormatError extends Error {
  readonly code = 'NEWER_FORMAT'

  constructor(format: number) {
    super(`written by a newer release (format ${format}; this one reads up to ${FORMAT})`)
    this.name = 'NewerFormatError'
  }
}

/** The payload with the mark of this release. '' stays ''. */
export function seal(payload: string): string {
  return payload === '' ? '' : `${FORMAT} ${payload}`
}

/** The payload without its mark; what was written before there were marks is as it was. Throws a NewerFormatError. */
export function unseal(sealed: string): string {
  const [mark, format] = /^(\d+) /.exec(sealed) ?? ['', '1']
  requireReadable(Number(format))
  return sealed.slice(mark.length)
}

/** What every job says besides what it is about. */
export interface Marked {
  /** Its format. Missing in jobs that were made before there were marks. */
  v?: number
}

/** The data of a job with the mark of this release. */
export function markJob<T extends object>(data: T): T & Marked {
  return { ...data, v: FORMAT }
}

/** The data without the mark. */
export function unmarkJob<T extends object>(data: T & Marked): Omit<T, 'v'> {
  const { v: _, ...unmarked } = data
  return unmarked as Omit<T, 'v'>
}

/** Throws a NewerFormatError where a newer release made the job. */
export function requireReadableJob({ v = 1 }: Marked): void {
  requireReadable(v)
}

function requireReadable(format: number): void {
  if (format > FORMAT) throw new NewerFormatError(format)
}
