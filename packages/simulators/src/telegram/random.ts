/** Chance that can be repeated: the same seed gives the same run of numbers. */

/** Gives numbers in [0, 1). */
export type Random = () => number

/** Mulberry32: small, fast, good enough for faults and delays. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** A number between the two bounds. */
export function between(random: Random, [least, most]: readonly [number, number]): number {
  return least + random() * (most - least)
}
