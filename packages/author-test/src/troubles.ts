/** What a service's log says went wrong, as an author reads it. */

interface LogLine {
  level?: unknown
  msg?: unknown
  err?: { stack?: unknown; message?: unknown }
}

/** An error's first lines tell where in the author's code it was thrown. */
const STACK_LINES = 5

/** The errors among `lines`, each as its message and the beginning of its stack. */
export function troubles(lines: readonly string[]): string[] {
  return lines.flatMap((line) => {
    const { level, msg, err } = readLine(line)
    if (level !== 'error' && level !== 'fatal') return []
    const stack = String(err?.stack ?? err?.message ?? '')
    return [[String(msg), ...stack.split('\n').slice(0, STACK_LINES)].join('\n  ').trim()]
  })
}

function readLine(line: string): LogLine {
  try {
    return JSON.parse(line) ?? {}
  } catch {
    // The author's code prints what it likes.
    return {}
  }
}
