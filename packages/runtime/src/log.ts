/** The log of a process: JSON lines on standard output, with everything that could hold a secret taken out. */
import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino'

/** What every part takes to log with. */
export type Log = Logger

/** The names under which a secret or a user's text could enter a log line by accident. */
const HIDDEN = ['token', 'tokens', 'apiKey', 'password', 'secret', 'authorization', 'text', 'payload', 'url']

/** Redis's errors carry the command that they answer, with the texts in it; others may carry as much. */
function withoutContents(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const { name, message, stack, cause } = error
  const { code } = error as { code?: unknown }
  const known = typeof code === 'string' || typeof code === 'number' ? { code } : {}
  return {
    type: name,
    message,
    stack,
    ...known,
    ...(cause instanceof Error && { cause: withoutContents(cause) }),
  }
}

/** A logger for the process of `service`, at `level`. Errors are logged by name, code and message. `target`: standard output. */
export function createLog(options: { service: string; level: string; target?: DestinationStream }): Log {
  const settings: LoggerOptions = {
    level: options.level,
    base: { service: options.service, pid: process.pid },
    serializers: { err: withoutContents },
    redact: { paths: HIDDEN.flatMap((name) => [name, `*.${name}`]), censor: '(hidden)' },
    formatters: { level: (label) => ({ level: label }) },
    timestamp: pino.stdTimeFunctions.isoTime,
  }
  return options.target ? pino(settings, options.target) : pino(settings)
}
