/** The rows of formatting: what a reply costs from the model's Markdown to pages that Telegram takes. */
import type { Bound } from './bounds.ts'
import { endRole, startRole } from './measured-process.ts'

const OURS = 'chatlane'
const PEERS = { gramio: '@gramio/format', telegramify: 'telegramify-markdown' } as const
const ROWS = { short: 'formatting a reply of 4 KB', long: 'formatting a reply of 200 KB' } as const
const GROWTH = 'formatting 200 KB by formatting 4 KB'
const PREVIEW = 'a preview of a reply that grows to 8 KB'

/** One measured side of a row. */
export interface TextRow {
  what: string
  side: string
  unit: string
  value: number
}

/** What the rows are to come to. We convert and cut; the peers only convert. */
export const TEXT_BOUNDS: Bound[] = [
  { row: ROWS.short, unit: 'ms', ours: OURS, peer: PEERS.gramio, most: 5, mostOfPeer: 1 },
  { row: ROWS.short, unit: 'ms', ours: OURS, peer: PEERS.telegramify, mostOfPeer: 1 },
  { row: ROWS.long, unit: 'ms', ours: OURS, peer: PEERS.gramio, mostOfPeer: 1 },
  // The text is fifty times as long.
  { row: GROWTH, unit: '×', ours: OURS, most: 75 },
  { row: PREVIEW, unit: 'ms', ours: OURS, most: 0.5 },
]

/** Runs each once, in a process of its own. */
export async function textRows(): Promise<TextRow[]> {
  const role = startRole('text', { repeats: 100, longRepeats: 5, previewUnits: 8_192, chunkUnits: 64 })
  try {
    const report = await role.report
    const of = (what: string): number => report[what] ?? Number.NaN
    return [
      ...Object.entries(ROWS).flatMap(([size, what]) => [
        { what, side: OURS, unit: 'ms', value: of(`${OURS} ${size}`) },
        ...Object.entries(PEERS).map(([peer, side]) => ({
          what,
          side,
          unit: 'ms',
          value: of(`${peer} ${size}`),
        })),
      ]),
      { what: GROWTH, side: OURS, unit: '×', value: of(`${OURS} long`) / of(`${OURS} short`) },
      { what: PREVIEW, side: OURS, unit: 'ms', value: of('preview') },
    ]
  } finally {
    await endRole(role)
  }
}
