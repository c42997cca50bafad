/** What benchmarks are to come to: ours beside a peer's, or beside a number. */
import { type Figures, median, medianRatio } from './table.ts'

/** What one row is to come to. */
export interface Bound {
  row: string
  unit: string
  ours: string
  peer?: string
  most?: number
  least?: number
  /** Ours by the peer's, pair by pair. */
  mostOfPeer?: number
}

/** A Markdown table of the bounds with what was measured; a bound whose row did not run is left out. */
export function boundsTable(figures: readonly Figures[], bounds: readonly Bound[]): string {
  const number = (value: number) => value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 2 : 0 })
  const lines = bounds.flatMap((bound) => {
    const of = (side: string | undefined) =>
      figures.find((each) => each.benchmark === bound.row && each.side === side && each.unit === bound.unit)
        ?.runs
    const ours = of(bound.ours)
    if (!ours) return []
    const peer = of(bound.peer)
    const ratio = peer ? medianRatio(ours, peer) : Number.NaN
    const isKept =
      median(ours) <= (bound.most ?? Number.POSITIVE_INFINITY) &&
      median(ours) >= (bound.least ?? Number.NEGATIVE_INFINITY) &&
      (bound.mostOfPeer === undefined || ratio <= bound.mostOfPeer)
    const limits = [
      bound.most !== undefined && `at most ${number(bound.most)}`,
      bound.least !== undefined && `at least ${number(bound.least)}`,
      bound.mostOfPeer !== undefined && `at most ${bound.mostOfPeer} × the peer`,
    ].filter((limit) => limit !== false)
    const shown = peer ? `${bound.peer}: ${number(median(peer))} ${bound.unit} (× ${ratio.toFixed(2)})` : '–'
    return [
      `| ${bound.row} | ${number(median(ours))} ${bound.unit} | ${shown} | ${limits.join(', ')} | ${isKept ? 'kept' : 'MISSED'} |`,
    ]
  })
  return ['| what | ours | peer | bound | |', '| --- | --- | --- | --- | --- |', ...lines].join('\n')
}
