/** The rows of a conversation's memory: what it costs a turn when it is long. */
import type { Bound } from './bounds.ts'
import { runRole } from './measured-process.ts'
import type { Row } from './table.ts'

const OURS = 'chatlane'
const MESSAGES = 500
const FIT = `fitting a context of ${MESSAGES} messages`
const ROWS = {
  fit: FIT,
  read: `reading a context of ${MESSAGES} messages`,
  pack: `packing a context of ${MESSAGES} messages`,
} as const

/** What fitting is to come to. */
export const CONTEXT_BOUNDS: Bound[] = [{ row: FIT, unit: 'ms', ours: OURS, most: 2 }]

/** Measures once, in a process of its own beside the Redis at `url`. */
export async function contextRows(url: string): Promise<Row[]> {
  const report = await runRole(url, 'context', { messages: MESSAGES, repeats: 200 })
  return Object.entries(ROWS).map(([name, what]) => ({
    ...{ what, side: OURS, unit: 'ms' },
    value: report[name] ?? Number.NaN,
  }))
}
