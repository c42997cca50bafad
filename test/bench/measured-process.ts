/** Starts a role of a benchmark as a process of its own and reads the one JSON line that it reports. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { TelegramSimulatorOptions } from '@chatlane/simulators'
import { Redis } from 'ioredis'

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
  const args = [path, JSON.stringify(options)]
  return listenTo(file, spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] }))
}

/**
 * Starts a service as an operator does; it is ready with its address and reports nothing. `nodeArgs`: further arguments
 * of Node, such as `--cpu-prof`.
 */
export function startService(
  name: 'gateway' | 'worker' | 'sender',
  environment: Record<string, string>,
  nodeArgs: readonly string[] = [],
): Role {
  const path = fileURLToPath(new URL(`../../apps/${name}/src/main.ts`, import.meta.url))
  const env = { PATH: process.env.PATH, ...environment }
  const args = [...nodeArgs, path]
  return listenTo(name, spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], env }))
}

/** Starts Telegram's simulator, so that its CPU is not that of who calls it; it is ready with its `url`. */
export function startTelegram(options: TelegramSimulatorOptions): Role {
  const path = fileURLToPath(new URL('../../packages/simulators/src/telegram-main.ts', import.meta.url))
  const args = [path, JSON.stringify(options)]
  // It ends with this pipe.
  return listenTo('telegram', spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] }))
}

function listenTo(file: string, child: ChildProcess & { stdout: Readable }): Role {
  const ready = Promise.withResolvers<Record<string, unknown>>()
  const report = Promise.withResolvers<Record<string, number>>()
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.startsWith('@ready ')) ready.resolve(JSON.parse(line.slice(7)))
    else if (line.startsWith('@report ')) report.resolve(JSON.parse(line.slice(8)))
    else if (/"(?:address|url)":/.test(line)) ready.resolve(JSON.parse(line))
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

/** Runs a role over an emptied Redis, beside a second role that makes its load, and answers the first one's report. */
export async function runRole(
  url: string,
  file: string,
  options: Record<string, unknown>,
  loadFile?: string,
  loadOptions: Record<string, unknown> = {},
): Promise<Record<string, number>> {
  const redis = new Redis(url)
  await redis.flushall()
  redis.disconnect()
  const role = startRole(file, { url, prefix: 'bench', ...options })
  await role.ready
  const load = loadFile && startRole(loadFile, { url, prefix: 'bench', ...loadOptions })
  try {
    return await role.report
  } finally {
    await endRole(role)
    if (load) await endRole(load)
  }
}

/** Ends a role and waits for its end. */
export async function endRole(role: Role): Promise<void> {
  if (role.child.exitCode !== null || role.child.signalCode !== null) return
  const ended = new Promise((resolve) => role.child.once('exit', resolve))
  role.child.kill('SIGKILL')
  await ended
}
