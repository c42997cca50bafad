// Hands a script over to pnpm when something else (npm) started it. Runs on the Node 20 of a bare machine.
import { spawn } from 'node:child_process'

/** True where the script was handed over; the process then ends with pnpm's exit code. */
export function runUnderPnpm(script, args = []) {
  if (/^pnpm\//.test(process.env.npm_config_user_agent ?? '')) return false
  runToEnd('npx', ['-y', 'pnpm@12', 'run', script, ...args])
  return true
}

/** Runs a command on this terminal, passes signals on, and ends with its exit code. */
export function runToEnd(command, args) {
  const child = spawn(command, args, { stdio: 'inherit', shell: process.platform === 'win32' })
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => {
    console.error(`${command}: ${error.message}`)
    process.exit(1)
  })
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)))
}
