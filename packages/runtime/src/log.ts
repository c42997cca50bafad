/** The log of a process: JSON lines on standard output, with everything that could hold a secret taken out. */
import { type Logger, pino } from 'pino'

/** What every part takes to log with. */
export type Log = Logger

/** The names under which a secret or a user's text could enter a log line by accident. */
const HIDDEN = ['token', 'tokens', 'apiKey', 'password', 'secret', 'authorization', 'text', 'payload', 'url']

/** A logger for the process of `service`, at `level`. Errors are logged by name, code and message. */
export function createLog(options: { service: string; level: string }): Log {
  return pino({
    level: options.level,
    base: { service: options.service, pid: process.pid },
    redact: { paths: HIDDEN.flatMap((name) => [name, `*.${name}`]), censor: '(hidden)' },
    formatters: { level: (label) => ({ level: label }) },
    timestamp: pino.stdTimeFunctions.isoTime,
  })
}
