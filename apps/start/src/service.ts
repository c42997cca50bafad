/** One service as a child process: started, listened to, stopped. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** A line of a service's log, as far as the terminal shows it. */
export interface LogLine {
  level: string
  msg: string
  address?: string
  [field: string]: unknown
}

/** A running service. */
export interface Service {
  name: string
  /** Resolves with the address it listens on; rejects where it ends before. */
  listening: Promise<string>
  /** Resolves when the process has ended. */
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
  /** The first message that it sends over IPC; stays open for a service that sends none. */
  firstMessage: Promise<unknown>
  /** Asks it to stop; after `withinMs` it is killed. */
  stop(withinMs: number): Promise<void>
}

/** Starts `apps/<name>` with `environment`; every line of its log goes to `show`. */
export function startService(options: {
  name: string
  file: string
  environment: Record<string, string | undefined>
  show: (name: string, line: LogLine | string) => void
}): Service {
  const { name, show } = options
  // A group of its own: Ctrl+C reaches the launcher alone, which stops the services in order.
  const child = spawn(process.execPath, [options.file], {
    env: options.environment,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
  })
  const firstMessage = new Promise<unknown>((resolve) => child.once('message', resolve))
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }))
  })
  const listening = new Promise<string>((resolve, reject) => {
    readLines(child, (line) => {
      show(name, line)
      if (typeof line !== 'string' && line.address) resolve(line.address)
    })
    ended.then(({ code, signal }) =>
      reject(new Error(`${name} ended with ${signal ?? code} before it listened`)),
    )
  })
  listening.catch(() => undefined)
  return {
    name,
    listening,
    ended,
    firstMessage,
    async stop(withinMs) {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGTERM')
      const bound = setTimeout(() => child.kill('SIGKILL'), withinMs)
      await ended
      clearTimeout(bound)
    },
  }
}

function readLines(child: ChildProcess, take: (line: LogLine | string) => void): void {
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue
    createInterface({ input: stream }).on('line', (text) => take(readLine(text)))
  }
}

function readLine(text: string): LogLine | string {
  if (!text.startsWith('{')) return text
  try {
    return JSON.parse(text) as LogLine
  } catch {
    return text
  }
}
