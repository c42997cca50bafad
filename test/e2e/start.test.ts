import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { until } from '@chatlane/test-kit'
import { expect, onTestFinished, test } from 'vitest'

const SCRIPT = fileURLToPath(new URL('../../scripts/start.mjs', import.meta.url))

/** Runs `start` as pnpm does, in an empty folder and with nothing in the environment but what is given. */
function runStart(environment: Record<string, string> = {}, files: Record<string, string> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'chatlane-start-'))
  const save = (name: string, text: string) => writeFileSync(join(folder, name), text)
  for (const [name, text] of Object.entries(files)) save(name, text)
  const mark = `CHATLANE_TEST_MARK=${folder}`
  const child = spawn(process.execPath, [SCRIPT], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      npm_config_user_agent: 'pnpm/12',
      CHATLANE_TEST_MARK: folder,
      GATEWAY_PORT: '0',
      MONITOR_PORT: '0',
      PLAYGROUND_PORT: '0',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    // As a terminal does: a group that Ctrl+C reaches as a whole.
    detached: true,
  })
  const lines: string[] = []
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', (line) => lines.push(line))
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  onTestFinished(async () => {
    for (const pid of processesWith(mark)) process.kill(pid, 'SIGKILL')
    // Redis writes its title over its environment; where the launcher was killed, its note still tells the process.
    const note = join(folder, '.data/redis/redis.pid')
    if (existsSync(note)) process.kill(Number(readFileSync(note, 'utf8').split(' ')[0]), 'SIGKILL')
    await ended
    rmSync(folder, { recursive: true, force: true })
  })
  const addressOf = (name: string) =>
    until(() => lines.map((line) => new RegExp(`^  ${name} +(http://\\S+)`).exec(line)?.[1]).find(Boolean))
  return { child, lines, ended, addressOf, save, processes: () => processesWith(mark) }
}

/** The processes that inherited the mark. */
function processesWith(mark: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(mark)
      } catch {
        return false
      }
    })
    .map(Number)
}

const commandOf = (pid: number) => readFileSync(`/proc/${pid}/cmdline`, 'latin1')

/** The chat of the playground's first person. */
async function openChat(playground: string) {
  const { people } = (await (await fetch(`${playground}/api/state`)).json()) as { people: { id: number }[] }
  const anna = people[0]?.id
  const say = (text: string) =>
    fetch(`${playground}/api/chats/${anna}/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ from: anna, text }),
    })
  const shown = async () => await (await fetch(`${playground}/api/chats/${anna}/messages`)).text()
  return { say, shown }
}

test('start runs everything in one terminal, the bot answers through real services, and SIGINT leaves nothing behind', async () => {
  const start = runStart()
  const playground = await start.addressOf('playground')
  await Promise.all(['gateway', 'monitor'].map((name) => start.addressOf(name)))
  const { say, shown } = await openChat(playground ?? '')
  expect((await say('/start')).status).toBe(201)
  await until(async () => (await shown()).includes('send it to OpenRouter'))

  const worker = start.processes().find((pid) => commandOf(pid).includes('apps/worker/'))
  process.kill(worker ?? 0, 'SIGKILL')
  await until(() => start.lines.some((line) => line.includes('worker was ended by SIGKILL')))
  expect(start.processes().map(commandOf).join()).not.toContain('apps/worker/')

  // As pnpm and its shell do, which pass on what the terminal has sent to the whole group.
  for (let passedOn = 0; passedOn < 3; passedOn++) process.kill(-(start.child.pid ?? 0), 'SIGINT')
  expect(await start.ended).toBe(0)
  expect(start.processes()).toEqual([])
}, 120_000)

test('a saved handler takes over without losing a message, one that does not run leaves the one before at work', async () => {
  const botThatSays = (word: string) => `export default (ctx) => ctx.reply('${word} ' + ctx.message.text)\n`
  const start = runStart({ HANDLERS: './bot.mjs', ASSISTANT: 'off' }, { 'bot.mjs': botThatSays('first') })
  const { say, shown } = await openChat((await start.addressOf('playground')) ?? '')
  await start.addressOf('monitor')
  await say('one')
  await until(async () => (await shown()).includes('first one'))
  start.save('bot.mjs', botThatSays('second'))
  // Said while the code is replaced: whichever takes it, it is answered once.
  await say('two')
  await until(() => start.lines.some((line) => line.includes('runs the saved code')))
  await say('three')
  await until(async () => (await shown()).includes('second three'))
  expect((await shown()).match(/(?:first|second) two/g)).toHaveLength(1)
  start.save('bot.mjs', 'export default (')
  await until(() => start.lines.some((line) => line.includes('does not run')))
  await say('four')
  await until(async () => (await shown()).includes('second four'))
}, 120_000)

test('saved code that waits for ever gives way to what is saved after it, and ends with the launcher', async () => {
  const botThatSays = (word: string) => `export default (ctx) => ctx.reply('${word} ' + ctx.message.text)\n`
  const waiting = `console.log('waits for ever')\nawait new Promise(() => undefined)\n`
  const start = runStart({ HANDLERS: './bot.mjs', ASSISTANT: 'off' }, { 'bot.mjs': botThatSays('first') })
  const { say, shown } = await openChat((await start.addressOf('playground')) ?? '')
  await start.addressOf('monitor')
  const waits = () => start.lines.filter((line) => line.includes('waits for ever')).length
  start.save('bot.mjs', waiting)
  await until(() => waits() === 1)
  await say('one')
  await until(async () => (await shown()).includes('first one'))
  start.save('bot.mjs', botThatSays('second'))
  await until(() => start.lines.some((line) => line.includes('runs the saved code')))
  await say('two')
  await until(async () => (await shown()).includes('second two'))
  start.save('bot.mjs', waiting)
  await until(() => waits() === 2)
  start.child.kill('SIGINT')
  expect(await start.ended).toBe(0)
  expect(start.processes().filter((pid) => commandOf(pid).includes('/src/main.ts'))).toEqual([])
}, 120_000)

test('start with a token and no key says in one line what is missing', async () => {
  const start = runStart({ TELEGRAM_BOT_TOKEN: '7001:AAtest-token-of-the-start-test' })
  expect(await start.ended).toBe(1)
  expect(start.lines).toEqual([expect.stringMatching(/^OPENROUTER_API_KEY: found nothing/)])
})

test('a launcher that is killed leaves no service behind', async () => {
  const start = runStart()
  await start.addressOf('monitor')
  start.child.kill('SIGKILL')
  await start.ended
  await until(() => !start.processes().some((pid) => commandOf(pid).includes('/src/main.ts')))
}, 120_000)
