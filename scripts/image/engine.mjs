// The container engine, by its commands: for the proof of the image.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const runFile = promisify(execFile)

/** The repository. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** Runs a command to its end: `{ code, out, err }`. */
export async function tryRun(command, args, options = {}) {
  try {
    const { stdout, stderr } = await runFile(command, args, { maxBuffer: 1e9, ...options })
    return { code: 0, out: stdout.trim(), err: stderr.trim() }
  } catch (error) {
    if (typeof error.code !== 'number') throw error
    return { code: error.code, out: error.stdout.trim(), err: error.stderr.trim() }
  }
}

/** What the command printed; throws what it complained of where it fails. */
export async function run(command, args, options) {
  const { code, out, err } = await tryRun(command, args, options)
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${out}\n${err}`)
  return out
}

/** `docker …`. */
export const docker = (...args) => run('docker', args)

/** Asks until `ask` answers with something, or throws what is missing after a minute. */
export async function until(what, ask, withinMs = 60_000) {
  for (const start = performance.now(); performance.now() - start < withinMs; ) {
    const answer = await ask()
    if (answer) return answer
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`not seen within ${withinMs / 1000} s: ${what}`)
}

/** The compose project that stands on the settings in `folder`/.env. */
export async function openProject(name, folder) {
  const hasPlugin = (await tryRun('docker', ['compose', 'version'])).code === 0
  const [command, ...first] = hasPlugin ? ['docker', 'compose'] : ['docker-compose']
  const files = ['docker-compose.yml', 'scripts/image/simulators.yml'].flatMap((file) => [
    '-f',
    `${ROOT}${file}`,
  ])
  const compose = (...args) =>
    run(command, [...first, '-p', name, '--project-directory', folder, ...files, ...args], { cwd: folder })
  const containers = async (service) => (await compose('ps', '-a', '-q', service)).split('\n').filter(Boolean)
  return {
    compose,
    containers,
    network: `${name}_default`,
    /** Where a service's port 8080 is on this host. */
    origin: async (service) => `http://${await compose('port', service, '8080')}`,
  }
}
