/** Runs tests for a command that asks for more of them than a test run does. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/**
 * Runs the test files of `path` with `environment` beside this process's, on this terminal. Resolves with whether they
 * passed, and lets this process end as they did.
 */
export function runTests(path: URL, environment: Record<string, string>): Promise<boolean> {
  const child = spawn('vitest', ['run', fileURLToPath(path)], {
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  })
  return new Promise((resolve) => {
    child.on('exit', (code, signal) => {
      process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 143)
      resolve(code === 0)
    })
  })
}
