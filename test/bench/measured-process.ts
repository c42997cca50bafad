/** Starts a role of a benchmark as a process of its own and reads the one JSON line that it reports. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** A started role. */
export interface Role {
  /** Resolves with what the role reported; rejects where it ended without a report. */
  report: Promise<Record<string, number>>
  /** Resolves when the role said that it is ready. */
  ready: Promise<Record<string, unknown>>
  child: ChildProcess
}

/** Starts `roles/<file>.ts` with `options` as its JSON argument. */
export function startRole(file: string, options: Record<string, unknown>): Role {
  const path = fileURLToPath(new URL(`./roles/${file}.ts`, import.meta.url))
  const child = spawn(process.execPath, [path, JSON.stringify(options)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ready = Promise.withResolvers<Record<string, unknown>>()
  const report = Promise.withResolvers<Record<string, number>>()
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.startsWith('@ready ')) ready.resolve(JSON.parse(line.slice(7)))
    else if (line.startsWith('@report ')) report.resolve(JSON.parse(line.slice(8)))
    else process.stderr.write(`${line}\n`)
  })
  child.once('exit', (code) => {
    const ended = new Error(`${file} ended with ${code}`)
    ready.reject(ended)
    report.reject(ended)
  })
  ready.promise.catch(() => undefined)
  report.promise.catch(() => undefined)
  return { report: report.promise, ready: ready.promise, child }
}

/** Ends a role and waits for its end. */
export async function endRole(role: Role): Promise<void> {
  if (role.child.exitCode !== null || role.child.signalCode !== null) return
  const ended = new Promise((resolve) => role.child.once('exit', resolve))
  role.child.kill('SIGKILL')
  await ended
}
