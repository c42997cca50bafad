import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { PER_BOT_SETTINGS } from '@chatlane/runtime'
import { expect, test } from 'vitest'
import { settingsTable } from './settings-table.ts'

const at = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url))
const text = (path: string) => readFileSync(at(path), 'utf8')

test("the README's settings are those of the code", () => {
  expect(text('README.md')).toContain(settingsTable())
})

test('every setting that a bot may have of its own is told', () => {
  const [, told = ''] = /\nWith several bots each may have its own:(.*?)\n\n/s.exec(text('README.md')) ?? []
  const isTold = (name: string) =>
    told.includes(`\`${name}\``) ||
    (name.startsWith('TELEGRAM_LIMIT_') && told.includes('`TELEGRAM_LIMIT_…`'))
  expect(PER_BOT_SETTINGS.filter((name) => !isTold(name))).toEqual([])
})

test('every command that the README shows exists', () => {
  const { scripts } = JSON.parse(text('package.json')) as { scripts: Record<string, string> }
  const shown = [...text('README.md').matchAll(/(?:^|`)(?:npx -y pnpm@12|pnpm|npm) ([a-z:-]+)/gm)].map(
    (match) => match[1] ?? '',
  )
  expect(shown.filter((name) => !(name in scripts))).toEqual([])
})

test('every folder of code is on the map', () => {
  const folders = ['apps', 'packages'].flatMap((floor) =>
    readdirSync(at(floor)).map((name) => `${floor}/${name}`),
  )
  const told = text('README.md') + text('ARCHITECTURE.md')
  expect(
    folders.filter((folder) => !told.includes(folder) && !told.includes(folder.split('/')[1] ?? '')),
  ).toEqual([])
})

test('the compose file starts every service from a file that exists', () => {
  const commands = [...text('docker-compose.yml').matchAll(/command: (apps\/\S+)/g)].map(
    (match) => match[1] ?? '',
  )
  expect(commands.map((path) => path.split('/')[1])).toEqual(['gateway', 'worker', 'sender', 'monitor'])
  for (const path of commands) expect(text(path)).not.toBe('')
})
