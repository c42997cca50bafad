/** A command as a process of its own, as whoever types it has it. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import { onTestFinished } from 'vitest'

/** What a command came to. */
export interface Ended {
  code: number | null
  out: string
  err: string
}

/** A command under way. */
export interface CommandProcess {
  child: ChildProcessWithoutNullStreams
  /** What it has written so far. */
  output: { readonly out: string; readonly err: string }
  ended: Promise<Ended>
}

/**
 * Call inside a test: what still runs at its end is killed. Runs the file `main` with `args`, nothing in its environment
 * but `env`, in `cwd` (the folder of temporary files, where no `.env` is).
 */
export function startCommand(options: {
  main: string
  args: readonly string[]
  env: Record<string, string>
  cwd?: string
}): CommandProcess {
  const { main, args, env, cwd = tmpdir() } = options
  const child = spawn(process.execPath, [main, ...args], { env, cwd })
  const output = { out: '', err: '' }
  child.stdout.on('data', (chunk) => {
    output.out += chunk
  })
  child.stderr.on('data', (chunk) => {
    output.err += chunk
  })
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, ...output })))
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
  })
  return { child, output, ended }
}
