/** Installing Redis with the system's package tool, asked for on a terminal and said aloud without one. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline/promises'

/** Whether Redis could be installed. */
export type Installation = { kind: 'done' } | { kind: 'no'; reason: string }

/** What the user can do by hand on this platform. */
export function installHint(): string {
  if (process.platform === 'darwin') return 'Install it with: brew install redis'
  if (process.platform === 'win32') return 'Start Docker Desktop, or set REDIS_URL'
  if (existsSync('/usr/bin/apt-get')) return 'Install it with: sudo apt-get install redis-server'
  return "Install redis-server with your system's package tool, start Docker, or set REDIS_URL"
}

/** Installs redis-server on Debian or Ubuntu, where this process is root. */
export async function installWithApt(tell: (line: string) => void): Promise<Installation> {
  const isRoot = process.getuid?.() === 0
  if (!existsSync('/usr/bin/apt-get'))
    return { kind: 'no', reason: 'no redis-server on the PATH and no Docker engine' }
  if (!isRoot)
    return { kind: 'no', reason: 'no redis-server on the PATH, no Docker engine, and no right to install' }
  if (process.stdin.isTTY && !(await isAgreed()))
    return { kind: 'no', reason: 'not installed, as you wished' }
  tell('Redis is missing: installing redis-server with apt-get')
  if ((await run('apt-get', ['update', '-q'])) !== 0)
    tell('apt-get update failed; trying with the lists that are here')
  // RUNLEVEL=1 keeps Debian from starting a server of its own on port 6379.
  const code = await run('sh', [
    '-c',
    'RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends redis-server',
  ])
  return code === 0
    ? { kind: 'done' }
    : { kind: 'no', reason: `apt-get install redis-server ended with ${code}` }
}

async function isAgreed(): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  const answer = await terminal.question('Redis is missing. Install redis-server with apt-get? [Y/n] ')
  terminal.close()
  return !/^n/i.test(answer.trim())
}

function run(command: string, args: string[]): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'ignore' })
    child.once('error', () => resolve(-1))
    child.once('exit', (code) => resolve(code ?? -1))
  })
}
