/** What the launcher prints: a calm summary, then only what someone should know. */
import type { LogLine } from './service.ts'

const HIDDEN_FIELDS = new Set(['level', 'time', 'pid', 'service', 'msg', 'address', 'bots', 'updates'])
/** Lines of a service that the summary says better. */
const SAID_BY_SUMMARY = /listens$|works$|^stopping$|^stopped$|^polling$/

/** One line of a service, for a human; nothing where it need not be shown. */
export function humanLine(name: string, line: LogLine | string): string | undefined {
  const label = name.padEnd(10)
  if (typeof line === 'string') return line.trim() === '' ? undefined : `${label} ${line}`
  if (SAID_BY_SUMMARY.test(line.msg) && line.level === 'info') return undefined
  const fields = Object.entries(line)
    .filter(([key]) => !HIDDEN_FIELDS.has(key))
    .map(([key, value]) => `${key}=${typeof value === 'object' ? shortened(value) : String(value)}`)
  return `${label} ${line.level === 'info' ? '' : `${line.level}: `}${line.msg} ${fields.join(' ')}`.trimEnd()
}

function shortened(value: unknown): string {
  const error = value as { type?: string; message?: string } | null
  return error?.message ? `${error.type}: ${error.message}` : JSON.stringify(value)
}

/** The summary that is printed when everything runs. */
export function summary(addresses: readonly (readonly [string, string])[], notes: readonly string[]): string {
  const lines = addresses.map(([name, address]) => `  ${name.padEnd(11)} ${address}`)
  return [
    '',
    'Chatlane is running',
    ...lines,
    '',
    ...notes.map((note) => `  ${note}`),
    '  Ctrl+C stops it.',
    '',
  ].join('\n')
}
