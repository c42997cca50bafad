// What every part of the proof stands on: the compose project, its settings, its people, and how it tells what it saw.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openProject, tryRun, until } from './engine.mjs'
import { control, meetPeople } from './people.mjs'

export const PROJECT = 'chatlane-proof'
export const SERVICES = ['gateway', 'worker', 'sender', 'monitor', 'redis']
export const USERS = Array.from({ length: 10 }, (_, i) => 101 + i)
export const SETTINGS = {
  TELEGRAM_BOT_TOKEN: '7001:simulated-for-the-proof',
  TELEGRAM_API_ROOT: 'http://telegram:8080',
  OPENROUTER_API_KEY: 'simulated',
  OPENROUTER_BASE_URL: 'http://openrouter:8080/api/v1',
  MONITOR_PASSWORD: 'simulated',
  GATEWAY_PORT: '13000',
  MONITOR_PORT: '13001',
}

/** Tells what was seen. */
export const saw = (text) => console.log(`  saw  ${text}`)
/** Heads a part of the proof. */
export const part = (text) => console.log(`\n${text}`)
/** How long ago that was. */
export const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`

/** Tells what was seen, or ends the proof. */
export function expect(isSo, text) {
  if (!isSo) throw new Error(`not so: ${text}`)
  saw(text)
}

/** Outside of the repository: the project's settings, and authors' folders. */
export const scratch = await mkdtemp(join(tmpdir(), 'chatlane-proof-'))
export const project = await openProject(PROJECT, scratch)

/** Writes the project's settings. */
export const writeSettings = (more = {}) =>
  writeFile(
    join(scratch, '.env'),
    Object.entries({ ...SETTINGS, ...more })
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  )

/** Starts all that is not running as the settings want it, with two workers. */
export const up = () => project.compose('up', '-d', '--no-build', '--scale', 'worker=2')

/** The simulators' people and the simulated model's controls, once they run. */
export async function meetSimulators() {
  const people = meetPeople(await project.origin('telegram'))
  const openRouter = await project.origin('openrouter')
  const isThere = (user) =>
    people
      .create(user)
      .then(() => true)
      .catch(() => false)
  for (const user of USERS) await until('the simulated Telegram', () => isThere(user))
  return { people, model: (name, body) => control(openRouter, name, body) }
}

/** Takes away what the proof made, but not the images that it used. */
export async function clear() {
  await tryRun('docker', ['rm', '-f', `${PROJECT}-own`, `${PROJECT}-readonly`])
  await writeSettings()
  await project.compose('down', '-v', '-t', '5')
  await tryRun('docker', ['volume', 'rm', `${PROJECT}-data`])
  await tryRun('docker', ['image', 'rm', `${PROJECT}-author`])
}

/** The last lines of every service. */
export async function logs() {
  const shown = []
  for (const service of SERVICES) {
    for (const id of await project.containers(service)) {
      const { out, err } = await tryRun('docker', ['logs', '--tail', '20', id])
      shown.push(`${service}:\n${out}\n${err}`)
    }
  }
  return shown.join('\n')
}

export const removeScratch = () => rm(scratch, { recursive: true, force: true })
