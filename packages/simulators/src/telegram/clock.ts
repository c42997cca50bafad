/** The simulator's clock: monotonic, finer than a millisecond, on the scale of Unix time. */

/** Milliseconds since 1970; never goes back while the process lives, comparable between processes of one host. */
export function nowMs(): number {
  return performance.timeOrigin + performance.now()
}

/** Unix seconds, as dates are in the Bot API. */
export function nowSeconds(): number {
  return Math.floor(Date.now() / 1000)
}
