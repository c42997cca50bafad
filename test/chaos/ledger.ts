/** What a run of rounds comes to, by what the simulators counted: a line for each round, and the sums. */
import type { Findings } from '../e2e/crowd.ts'
import type { Planned } from './draw-round.ts'

/** What became of one round. */
export interface RoundResult {
  /** Drawn from this seed: it can be done again. */
  seed: number
  said: number
  findings: Findings
  /** What was done to the installation, and whether it met work. */
  disturbances: { planned: Planned; met: number }[]
}

/** Sums over all rounds. */
export interface Totals {
  rounds: number
  /** Of these, rounds in which fewer than three disturbances met work. */
  calm: number
  said: number
  told: number
  /** Replies, or beginnings of some, that came once more than they should. */
  twice: number
  /** Those that the product counted. */
  counted: number
  met: number
  /** Updates that Telegram delivered again after they were acknowledged. */
  deliveredAgain: number
  /** Calls that Telegram refused, by code. */
  refused: Record<string, number>
  slowestMs: number
}

/** `round 3: 250 said, 12 told why not, 1 twice; kill worker ✓, …; slowest 9 s`. */
export function roundLine({ seed, said, findings, disturbances }: RoundResult): string {
  const { lost, wrong, told, repeated, begun, slowestMs } = findings
  const what = disturbances.map(
    ({ planned, met }) => `${disturbanceText(planned)}${met > 0 ? ` ${met}` : ' –'}`,
  )
  const counts = [
    `${said} said`,
    ...(told.length > 0 ? [`${told.length} told why not`] : []),
    ...(repeated + begun > 0 ? [`${repeated + begun} twice`] : []),
    ...(lost.length > 0 ? [`${lost.length} LOST`] : []),
    ...(wrong.length > 0 ? [`${wrong.length} WRONG`] : []),
  ]
  return `seed ${seed}: ${counts.join(', ')}; ${what.join(', ')}; slowest ${Math.round(slowestMs / 1000)} s`
}

function disturbanceText(planned: Planned): string {
  if ('to' in planned) return `${planned.kind} ${planned.to}`
  return 'how' in planned ? `${planned.kind}: ${planned.how}` : planned.kind
}

/** The ledger's last lines. */
export function totalLines(totals: Totals): string {
  const { rounds, calm, said, told, twice, counted, met, deliveredAgain, refused, slowestMs } = totals
  const codes = Object.entries(refused).map(([code, count]) => `${code}: ${count}`)
  return [
    `${rounds} rounds: ${said} messages said, ${said - told} answered, ${told} told why not`,
    ...(calm > 0
      ? [`${calm} of these rounds met less than three times anybody at work: they are not counted`]
      : []),
    `${met} disturbances met work; Telegram delivered ${deliveredAgain} updates again, and refused calls (${codes.join(', ')})`,
    `twice: ${twice}, counted by the product: ${counted}; slowest answer ${Math.round(slowestMs / 1000)} s`,
  ].join('\n')
}

/** Writes a line to where the test run writes. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
