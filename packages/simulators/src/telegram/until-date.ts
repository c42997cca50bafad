/** When a ban or a restriction ends. */
import { nowSeconds } from './clock.ts'
import { type Params, readInteger } from './params.ts'

const SHORTEST_SECONDS = 30
const LONGEST_SECONDS = 366 * 86_400

/**
 * Unix seconds; 0, for never, where it would last less than 30 seconds or more than 366 days
 * (core.telegram.org/bots/api#banchatmember). The simulator lets nothing end by itself.
 */
export function untilDateIn(params: Params): number {
  const date = readInteger(params, 'until_date') ?? 0
  const seconds = date - nowSeconds()
  return seconds < SHORTEST_SECONDS || seconds > LONGEST_SECONDS ? 0 : date
}
