/** One of the product's services as a process, as an operator runs it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { searchPath } from './config.ts'

/** The services by the names of their commands. */
export type ServiceName = 'gateway' | 'worker' | 'sender' | 'monitor'

/** A started service. */
export interface ServiceProcess {
  name: ServiceName
  child: ChildProcess
  /** Where it listens, once it does; rejects where it ends before. */
  address: Promise<string>
  /** Lines of its log, newest last. */
  lines: string[]
  /** Resolves with exit code or signal. */
  ended: Promise<number | NodeJS.Signals>
  /** SIGTERM, and the exit code. */
  stop(): Promise<number | NodeJS.Signals>
  /** kill -9. */
  kill(): Promise<void>
}

const KEPT_LINES = 2000

/** Starts `apps/<name>` with `environment` and nothing else of this process's but the PATH. */
export function startServiceProcess(name: ServiceName, environment: Record<string, string>): ServiceProcess {
  const file = fileURLToPath(new URL(`../../../apps/${name}/src/main.ts`, import.meta.url))
  const child = spawn(process.execPath, [file], {
    // Compiled once for all: most of the time of a start is that.
    env: { PATH: searchPath(), NODE_COMPILE_CACHE: join(tmpdir(), 'chatlane-compiled'), ...environment },
    // Over IPC it notices that a test run was killed, and ends by itself.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const lines: string[] = []
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal ?? -1))
  })
  const listening = Promise.withResolvers<string>()
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line)
      if (lines.length > KEPT_LINES) lines.shift()
      const address = /"address":"([^"]+)"/.exec(line)?.[1]
      if (address) listening.resolve(address)
    })
  }
  ended.then((how) =>
    listening.reject(new Error(`${name} ended with ${how}:\n${lines.slice(-20).join('\n')}`)),
  )
  listening.promise.catch(() => undefined)
  return {
    name,
    child,
    address: listening.promise,
    lines,
    ended,
    stop() {
      child.kill('SIGTERM')
      return ended
    },
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
}
