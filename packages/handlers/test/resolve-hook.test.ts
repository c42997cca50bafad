import { cp, mkdir, mkdtemp, readdir, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { createHost, HandlersError, load, say, TOKEN } from './author.ts'

const ours = dirname(dirname(createRequire(import.meta.url).resolve('telegraf')))

/** A folder outside of the repository that holds one file. */
async function authorFolder(name: string, code: string): Promise<{ folder: string; file: string }> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'chatlane-author-')))
  onTestFinished(() => rm(folder, { recursive: true }))
  await writeFile(join(folder, name), code)
  return { folder, file: pathToFileURL(join(folder, name)).href }
}

/** Gives a folder its own copy of Telegraf. */
async function installTelegraf(folder: string): Promise<void> {
  const modules = join(folder, 'node_modules')
  await mkdir(modules)
  await cp(ours, join(modules, 'telegraf'), { recursive: true })
  for (const name of await readdir(dirname(ours))) {
    if (name !== 'telegraf') await symlink(await realpath(join(dirname(ours), name)), join(modules, name))
  }
}

const CODE = `
import { session, Telegraf, TelegramError } from 'telegraf'
const bot = new Telegraf(undefined)
bot.use(session())
bot.on('text', async (ctx) => {
  ctx.session = import.meta.resolve('telegraf').includes('chatlane-author-')
  await ctx.reply('hello').catch((error) => {
    if (!(error instanceof TelegramError)) throw error
  })
})
bot.launch()
export default bot
`

test('an author’s own copy of Telegraf behaves as ours', async () => {
  const { folder, file } = await authorFolder('bot.mjs', CODE)
  await installTelegraf(folder)
  const host = createHost(() => ({ ok: false, error_code: 403, description: 'Forbidden' }))
  await say(await load(file, { host }), 'hello')
  expect(host.texts()).toEqual(['hello'])
  expect([...host.sessions]).toEqual([['session 5:5', 'true']])
  expect(host.ignored).toEqual(['launch'])
})

test('a client for calls of no turn throws the errors of the author’s own copy', async () => {
  const { folder, file } = await authorFolder('bot.mjs', CODE)
  await installTelegraf(folder)
  const host = createHost(() => ({ ok: false, error_code: 403, description: 'Forbidden' }))
  const { telegramOf } = await load(file, { host })
  const { TelegramError } = createRequire(file)('telegraf') as typeof import('telegraf')
  await expect(telegramOf(TOKEN).sendMessage(5, 'hello')).rejects.toBeInstanceOf(TelegramError)
})

test('a file without a Telegraf of its own gets ours', async () => {
  const { file } = await authorFolder('bot.mjs', CODE)
  const handlers = await load(file)
  await say(handlers, 'hello')
  expect([...handlers.host.sessions]).toEqual([['session 5:5', 'false']])
})

test('a Telegraf of another version is refused by name', async () => {
  const { folder, file } = await authorFolder('bot.mjs', CODE)
  await installTelegraf(folder)
  await writeFile(
    join(folder, 'node_modules/telegraf/package.json'),
    '{ "name": "telegraf", "version": "3.40.0", "main": "lib/index.js" }',
  )
  const error = await load(file).catch((thrown) => thrown)
  expect(error).toBeInstanceOf(HandlersError)
  expect(error.code).toBe('HANDLERS_TELEGRAF')
  expect(error.message).toContain('found telegraf 3.40.0, expected telegraf 4.16')
})

test.each([
  ['bot.mjs', "import { greeting } from 'a-platform'; export default (ctx) => ctx.reply(greeting)"],
  ['bot.cjs', "const { greeting } = require('a-platform'); module.exports = (ctx) => ctx.reply(greeting)"],
])('%s finds what the platform provides', async (name, code) => {
  const { file } = await authorFolder(name, code)
  const modules = { 'a-platform': new URL('fixtures/platform-module.ts', import.meta.url) }
  const handlers = await load(file, { modules })
  await say(handlers, 'hello')
  expect(handlers.host.texts()).toEqual(['provided'])
})
