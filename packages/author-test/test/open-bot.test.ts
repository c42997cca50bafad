import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openTestRedis, until } from '@chatlane/test-kit'
import { expect, onTestFinished, test } from 'vitest'
import { type OpenBotOptions, openBot } from '../src/index.ts'

const KIOSK = new URL('bots/kiosk.js', import.meta.url)

async function openKiosk(options: Partial<OpenBotOptions> = {}) {
  const bot = await openBot({ handlers: KIOSK, ...options })
  onTestFinished(() => bot.close())
  return bot
}

test('each person is answered in their language, and sees one message after the other', async () => {
  const bot = await openKiosk()
  const anna = bot.person('Anna')
  const boris = bot.person('Борис', { language: 'ru' })
  await anna.says('/start')
  await boris.says('/start')
  await anna.says('hello')
  expect(await boris.sees()).toBe('Добро пожаловать!')
  expect(await Promise.all([anna.sees(), anna.sees()])).toEqual(['Welcome!', 'You said: hello'])
  expect(bot.person('Anna')).toBe(anna)
})

test('a tap reaches the bot; its notice and its edit are seen', async () => {
  const bot = await openKiosk()
  const anna = bot.person('Anna')
  await anna.says('/menu')
  await anna.taps('A paper')
  expect(await anna.seesAnswer()).toBe('Sold!')
  expect(await anna.seesEdit()).toBe('Papers: 1')
  await anna.says('/menu')
  await expect(anna.taps('Our site')).rejects.toThrow('is no button that tells the bot')
  expect(anna.chat()).toMatch(
    /^Anna: \/menu\nBot: Papers: 1\nAnna: \/menu\nBot: What may it be\?\n {2}\[A paper\] \[Nothing\]\n {2}\[Our site\]$/,
  )
})

test('a message is seen as it was posted, whatever became of it since', async () => {
  const bot = await openKiosk()
  const anna = bot.person('Anna')
  await anna.says('/slow')
  expect(await anna.seesEdit()).toBe('done')
  expect(await anna.sees()).toBe('⏳')
})

test('files are sent and seen', async () => {
  const bot = await openKiosk()
  const anna = bot.person('Anna')
  await anna.sends('photo', { caption: 'my cat' })
  expect(await anna.sees()).toBe('a photo: my cat')
  await anna.says('/picture')
  expect(await anna.sees()).toBe('[photo]')
})

test('who asks in inline mode gets results, and sends one of them', async () => {
  const bot = await openKiosk()
  const anna = bot.person('Anna')
  const friends = bot.group('Friends', [anna])
  expect(await anna.asksInline('tea', { in: friends })).toMatchObject([{ id: 'today', title: 'About tea' }])
  await anna.choosesInline('today', { in: friends })
  expect(friends.chat()).toBe('Anna: Read about tea')
})

test('an invoice is paid, or its payment refused', async () => {
  const bot = await openKiosk()
  const anna = bot.person('Anna')
  await anna.says('/subscribe daily')
  await anna.pays()
  expect([await anna.sees(), await anna.sees()]).toEqual(['[invoice]', 'Paid: 100'])
  await anna.says('/subscribe none')
  expect(await anna.sees()).toBe('[invoice]')
  await anna.pays()
  expect(await anna.seesAnswer()).toBe('There are no more')
})

test('in a group everybody sees for themselves', async () => {
  const bot = await openKiosk()
  const anna = bot.person('Anna', { id: 42 })
  const boris = bot.person('Boris')
  const friends = bot.group('Friends', [anna, boris], { id: -1000000000042 })
  await anna.says('/start', { in: friends })
  expect(await anna.sees({ in: friends })).toBe('Welcome!')
  expect(await boris.sees({ in: friends })).toBe('Welcome!')
  await boris.says('thanks', { in: friends, repliesTo: 'Welcome' })
  expect(await anna.sees({ in: friends })).toBe('re Welcome!: thanks')
  expect(friends.chat()).toBe('Anna: /start\nBot: Welcome!\nBoris: thanks\nBot: re Welcome!: thanks')
  expect([anna.id, friends.id, anna.chat()]).toEqual([42, -1000000000042, '(no messages)'])
})

test('who waits in vain is told what the chat holds', async () => {
  const bot = await openKiosk()
  const anna = bot.person('Anna')
  await anna.says('/start')
  await anna.sees()
  await anna.says('hush')
  await expect(anna.sees({ withinMs: 1500 })).rejects.toThrow(
    'Anna waited 1.5 s for a message of the bot, and it did not come.\nThe chat holds:\n  Anna: /start\n  Bot: Welcome!\n  Anna: hush',
  )
  await expect(anna.taps('Sell', { withinMs: 100 })).rejects.toThrow('for a button [Sell], and it')
  await anna.says('still there?')
  expect(await anna.sees()).toBe('You said: still there?')
  await anna.says('/throw')
  await anna.sees()
  await expect(anna.sees({ withinMs: 100 })).rejects.toThrow(
    /Logged:\na handler failed; .*\n {2}Error: the kiosk is closed\n {6}at .*kiosk\.js/,
  )
})

test('an update whose worker was killed runs again, and what it had posted is not posted twice', async () => {
  const runs = join(await mkdtemp(join(tmpdir(), 'kiosk-')), 'runs')
  const bot = await openKiosk({ environment: { RUNS_FILE: runs, STEP_MS: '60000' } })
  const anna = bot.person('Anna')
  await anna.says('/deliver')
  expect(await anna.sees()).toBe('on its way')
  await bot.killWorker()
  await expect(bot.killWorker()).rejects.toThrow('no worker runs')
  await bot.startWorker({ STEP_MS: '0' })
  expect(await anna.sees()).toBe('delivered')
  expect(anna.chat()).toBe('Anna: /deliver\nBot: on its way\nBot: delivered')
  expect(readFileSync(runs, 'utf8')).toBe('run\nrun\n')
})

test('several workers answer, with the variables that the test gives', async () => {
  const bot = await openKiosk({ workers: 2, environment: { SHELF: 'oak' } })
  const people = ['Anna', 'Boris', 'Clara'].map((name) => bot.person(name))
  for (const person of people) await person.says('/env')
  expect(await Promise.all(people.map((person) => person.sees()))).toEqual(['oak', 'oak', 'oak'])
})

test('what the handlers pass on reaches the assistant, whose model echoes', async () => {
  const bot = await openKiosk({ assistant: true })
  const anna = bot.person('Anna')
  await anna.says('ask me')
  expect(await anna.sees()).toBe('ask me')
  expect(bot.model).toBeDefined()
})

test('the Redis at REDIS_URL is used where there is one, and nothing stays there', async () => {
  const { redis, url } = openTestRedis()
  process.env.REDIS_URL = url
  onTestFinished(() => void delete process.env.REDIS_URL)
  const bot = await openKiosk()
  const anna = bot.person('Anna')
  await anna.says('/start')
  await anna.sees()
  expect(await redis.keys('test-*')).not.toEqual([])
  await bot.close()
  expect(await redis.keys('test-*')).toEqual([])
})

test('neither a comma in the path nor settings of an .env are in the way', async () => {
  const folder = join(await mkdtemp(join(tmpdir(), 'kiosk-')), 'one, two')
  await mkdir(folder)
  await copyFile(KIOSK, join(folder, 'kiosk.mjs'))
  await writeFile(
    join(folder, '.env'),
    'TELEGRAM_BOT_TOKENS=99:AAAAAAAAAAAA\nASSISTANT=on\nSHELF=from the file\n',
  )
  const before = process.cwd()
  process.chdir(folder)
  onTestFinished(() => process.chdir(before))
  const bot = await openKiosk({ handlers: './kiosk.mjs' })
  const anna = bot.person('Anna')
  await anna.says('/env')
  expect(await anna.sees()).toBe('from the file')
})

test('code that can not be loaded is told with the reason, and leaves nothing behind', async () => {
  const broken = fileURLToPath(new URL('bots/broken.js', import.meta.url))
  await expect(openBot({ handlers: broken })).rejects.toThrow(/worker ended with 1:\n.*not-there\.js/s)
  await expect(openBot({ handlers: './nowhere.js' })).rejects.toThrow(join(process.cwd(), 'nowhere.js'))
  await until(() => !process.getActiveResourcesInfo().includes('ProcessWrap'))
})

test("an author's first test passes as a file of its own under node:test, and ends by itself", async () => {
  const folder = fileURLToPath(new URL('.', import.meta.url))
  const child = spawn(process.execPath, ['--test', 'first-test.js'], { cwd: folder, stdio: 'pipe' })
  onTestFinished(() => void child.kill('SIGKILL'))
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += chunk
    })
  const code = await new Promise((resolve) => child.once('close', resolve))
  expect([code, output]).toEqual([0, expect.stringContaining('the shop greets')])
})
