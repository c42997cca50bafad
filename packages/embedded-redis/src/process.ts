/** Redis as a child process. */
import { type ChildProcess, spawn } from 'node:child_process'
import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { delimiter, join } from 'node:path'
import type { RedisServer, RedisServerOptions } from './server.ts'

const NAMES = ['redis-server', 'valkey-server']
/** The folders in which programs are looked for: the system's business, not a setting of ours. */
// biome-ignore lint/style/noProcessEnv: the PATH is no configuration of the product
const programFolders = () => (process.env.PATH ?? '').split(delimiter)

/** The path of a `redis-server` or `valkey-server` on the PATH. */
export function findServer(): string | undefined {
  return programFolders()
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find(isExecutable)
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Starts `program` on a free port and waits until it accepts connections. */
export async function startProcess(program: string, options: RedisServerOptions): Promise<RedisServer> {
  if (options.dataDir) takeOver(options.dataDir)
  const port = await freePort()
  // A group of its own: Ctrl+C in the terminal must not end Redis before those who hand their work back to it.
  const child = spawn(program, serverArguments(port, options), {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  await untilReady(child)
  if (options.endsWithProcess) endWithProcess(child)
  const pidFile = options.dataDir && join(options.dataDir, 'redis.pid')
  if (pidFile) writeFileSync(pidFile, `${child.pid} ${process.pid}`)
  return {
    url: `redis://127.0.0.1:${port}`,
    origin: program,
    abandon: () => void child.kill('SIGTERM'),
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = new Promise((resolve) => child.once('exit', resolve))
        child.kill('SIGTERM')
        await ended
      }
      if (pidFile) rmSync(pidFile, { force: true })
    },
  }
}

function serverArguments(port: number, options: RedisServerOptions): string[] {
  const kept = options.dataDir
    ? ['--dir', options.dataDir, '--appendonly', 'yes', '--appendfsync', 'everysec']
    : ['--appendonly', 'no']
  // hz 100: Redis wakes blocked clients by this clock, so delayed jobs are at most 10 ms late instead of 100.
  const own = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--hz',
    '100',
    '--maxmemory-policy',
    'noeviction',
  ]
  return [...own, ...kept, ...(options.args ?? [])]
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
}

function untilReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = ''
    const listen = (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-4000)
      if (/ready to accept connections/i.test(said)) resolve()
    }
    child.stdout?.on('data', listen)
    child.stderr?.on('data', listen)
    child.once('error', reject)
    child.once('exit', (code) =>
      reject(new Error(`redis-server ended with ${code}: ${said.trim().split('\n').at(-1)}`)),
    )
  })
}

/** A pipe is closed also when its writer is killed: what waits at its end outlives this process and ends Redis. */
function endWithProcess(child: ChildProcess): void {
  const guard = spawn('sh', ['-c', `read _; kill ${child.pid}`], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  guard.once('error', () => undefined)
  child.once('exit', () => guard.kill())
  for (const each of [guard, guard.stdin, child, child.stdout, child.stderr]) unref(each)
}

/** Pipes are sockets, which their type does not tell. */
function unref(handle: unknown): void {
  ;(handle as { unref?(): void } | null)?.unref?.()
}

/**
 * A Redis whose launcher was killed lives on with the same files; two servers on one append-only file would ruin it.
 * The orphan is ended; a server whose launcher still lives is left alone and the start refused.
 */
function takeOver(dataDir: string): void {
  mkdirSync(dataDir, { recursive: true })
  const pidFile = join(dataDir, 'redis.pid')
  if (!existsSync(pidFile)) return
  const [server = 0, launcher = 0] = readFileSync(pidFile, 'utf8').split(' ').map(Number)
  if (!isAlive(server)) return
  if (isAlive(launcher) && launcher !== process.pid) {
    throw new Error(`${dataDir} is in use by another start (process ${launcher}); stop it first`)
  }
  process.kill(server, 'SIGTERM')
  const deadline = Date.now() + 5000
  while (isAlive(server) && Date.now() < deadline)
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)
}

function isAlive(pid: number): boolean {
  if (!pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
