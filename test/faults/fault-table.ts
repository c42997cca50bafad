/** The table of what people see of each fault at each step, as Markdown. */
import { readFileSync } from 'node:fs'
import type { Fault } from './fault.ts'
import type { Victim } from './steps.ts'

/** The faults of each step, in the order of the table's columns. */
export const COLUMNS: readonly Omit<Fault, 'step'>[] = [
  { kind: 'kill', side: 'before' },
  { kind: 'kill', side: 'after' },
  { kind: 'freeze', side: 'before' },
  { kind: 'freeze', side: 'after' },
  { kind: 'cut', side: 'before' },
  { kind: 'cut', side: 'sent' },
]

/** What came of one fault at one step. */
export interface Cell {
  hits: number
  /** Messages that were said meanwhile. */
  said: number
  /** Of those: not answered, in the wrong order, or from the wrong context. */
  lost: number
  /** Replies, or beginnings of some, that came twice. */
  twice: number
  /** The slowest answer. */
  slowestMs: number
}

/** What came of each fault at one step. */
export interface Row {
  step: string
  means: string
  cells: Cell[]
}

const HEADS = [
  'killed before',
  'killed after',
  'frozen before',
  'frozen after',
  'cut off before',
  'cut off during',
]

/** The rows of every kind of process. */
export type Table = Record<Victim, Row[]>

/** Where the rows of the last runs are kept. */
export const SEEN = new URL('./seen.json', import.meta.url)

/** The rows of the last runs, as they are kept in `file`. */
export function readSeen(file: URL | string = SEEN): Table {
  return JSON.parse(readFileSync(file, 'utf8'))
}

/** One table for all processes. */
export function faultTable(rows: Table): string {
  const lines = [
    `| step | what it makes durable | ${HEADS.join(' | ')} |`,
    `| --- | --- |${HEADS.map(() => ' --- |').join('')}`,
  ]
  for (const [victim, ofVictim] of Object.entries(rows)) {
    lines.push(`| **${victim}** | | ${HEADS.map(() => '').join(' | ')} |`)
    for (const { step, means, cells } of ofVictim)
      lines.push(`| \`${step}\` | ${means} | ${cells.map(cellText).join(' | ')} |`)
  }
  return lines.join('\n')
}

function cellText({ hits, lost, twice, slowestMs }: Cell): string {
  const parts = [`${hits}×`, `${Math.round(slowestMs / 1000)} s`]
  if (twice > 0) parts.push(`${twice} twice`)
  if (lost > 0) parts.push(`**${lost} lost**`)
  return parts.join(' · ')
}
