import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog } from '@chatlane/runtime'
import { namedPlace } from '@chatlane/telegram'
import { expect, onTestFinished, test } from 'vitest'
import { loadLaneNames } from '../src/lane-names.ts'

async function namesOf(source: string) {
  const folder = mkdtempSync(join(tmpdir(), 'chatlane-lanes-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'bot.mjs')
  writeFileSync(file, source)
  return loadLaneNames({
    handlers: new Map([['1', file]]),
    tokens: new Map([['1', '1:AAAAAAAAAAAA']]),
    apiRoot: 'http://127.0.0.1:1',
    log: createLog({ service: 'test', level: 'silent' }),
  })
}

const MIDDLEWARE = 'export default () => undefined\n'
const UPDATE = { place: 't42', raw: { update_id: 1, message: { from: { id: 5 } } } }

test('a module names the lanes of its updates', async () => {
  const names = await namesOf(
    `${MIDDLEWARE}export const lane = (update) => 'user ' + update.message?.from.id\n`,
  )
  expect(names('1', UPDATE)).toBe(namedPlace('t42', 'user 5'))
  expect(names('2', UPDATE)).toBe('t42')
})

test('a name that is not given, or fails to be found, leaves the update to its chat', async () => {
  const silent = await namesOf(`${MIDDLEWARE}export const lane = () => undefined\n`)
  expect(silent('1', UPDATE)).toBe('t42')
  const broken = await namesOf(`${MIDDLEWARE}export const lane = (update) => update.poll.id\n`)
  expect(broken('1', UPDATE)).toBe('t42')
})

test('a module that names no lanes is not loaded', async () => {
  const names = await namesOf(`${MIDDLEWARE}throw new Error('was loaded')\n`)
  expect(names('1', UPDATE)).toBe('t42')
})
