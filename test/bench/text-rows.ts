/** The rows of formatting: what a reply costs from the model's Markdown to pages that Telegram takes. */
import type { Bound } from './bounds.ts'
import { endRole, startRole } from './measured-process.ts'
import type { Row } from './table.ts'

const OURS = 'chatlane'
const SIDES = { chatlane: OURS, gramio: '@gramio/format', telegramify: 'telegramify-markdown' } as const
const ROWS = { short: 'formatting a reply of 4 KB', long: 'formatting a reply of 200 KB' } as const
const GROWTH = 'formatting 200 KB by formatting 4 KB'
const PREVIEW = 'a preview of a reply that grows to 8 KB'

/** What the rows are to come to. We convert and cut; the peers only convert. */
export const TEXT_BOUNDS: Bound[] = [
  { row: ROWS.short, unit: 'ms', ours: OURS, peer: SIDES.gramio, most: 5, mostOfPeer: 1.5 },
  { row: ROWS.short, unit: 'ms', ours: OURS, peer: SIDES.telegramify, mostOfPeer: 0.5 },
  { row: ROWS.long, unit: 'ms', ours: OURS, peer: SIDES.gramio, mostOfPeer: 2 },
  // The text is fifty times as long; were the time not linear, it would be 2,500.
  { row: GROWTH, unit: '×', ours: OURS, most: 100 },
  { row: PREVIEW, unit: 'ms', ours: OURS, most: 0.5 },
]

/** Runs each side once, in a process of its own. */
export async function textRows(): Promise<Row[]> {
  const rows: Row[] = []
  for (const [side, name] of Object.entries(SIDES)) {
    const role = startRole('text', { side, repeats: 200, longRepeats: 10 })
    try {
      const report = await role.report
      const of = (size: string): number => report[size] ?? Number.NaN
      for (const [size, what] of Object.entries(ROWS)) {
        rows.push({ what, side: name, unit: 'ms', value: of(size) })
      }
      if (name !== OURS) continue
      rows.push({ what: GROWTH, side: name, unit: '×', value: of('long') / of('short') })
      rows.push({ what: PREVIEW, side: name, unit: 'ms', value: of('preview') })
    } finally {
      await endRole(role)
    }
  }
  return rows
}
