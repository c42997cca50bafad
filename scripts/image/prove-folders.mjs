// Authors' folders in the image: mounted by the compose file, read-only, and in an image of their own.
import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { docker, ROOT, run } from './engine.mjs'
import {
  expect,
  meetSimulators,
  PROJECT,
  part,
  project,
  scratch,
  USERS,
  up,
  writeSettings,
} from './proof.mjs'

const WORKER = 'apps/worker/src/main.ts'

/** A folder outside of the repository, with its own node_modules and `.env`, that belongs to `owner`, a uid. */
async function installFolder(from, owner, settings = '') {
  const folder = join(scratch, from.split('/').at(-1))
  await cp(join(ROOT, from), folder, { recursive: true, filter: (path) => !path.includes('node_modules') })
  await run('npm', ['install', '--omit=dev', '--no-audit', '--no-fund'], { cwd: folder })
  await writeFile(join(folder, '.env'), settings, { mode: 0o600 })
  await run('chown', ['-R', `${owner}:${owner}`, folder])
  return folder
}

/** Everyone writes `rounds` times; resolves with the answers of all, each chat's counted to its end. */
async function everyoneCounts(rounds, from) {
  const { people } = await meetSimulators()
  const answers = []
  for (let count = from; count < from + rounds; count++) {
    for (const user of USERS) await people.says(user, 'next')
    for (const user of USERS) answers.push([user, await people.sees(user, `#${count} `)])
  }
  return answers.map(([user, { text }]) => {
    const [, host, year, telegraf] = text.split(' ')
    return { user, host, year, telegraf }
  })
}

/** TypeScript with dependencies of its own, on two workers. */
export async function provesAFolder() {
  part("An author's folder (bot.ts, dayjs, telegraf 4.16.3 of its own), mounted by HANDLERS_DIR")
  const folder = await installFolder('scripts/image/author', 1000)
  await writeSettings({ HANDLERS: '/handlers/bot.ts', HANDLERS_DIR: folder, ASSISTANT: 'off' })
  await up()
  const answers = await everyoneCounts(5, 1)
  const hostsOf = (some) => new Set(some.map(({ host }) => host)).size
  const mixed = USERS.filter((user) => hostsOf(answers.filter((each) => each.user === user)) === 2)
  expect(
    hostsOf(answers) === 2,
    `${answers.length} answers by two containers; each chat's session counted to 5`,
  )
  expect(
    mixed.length > 0,
    `${mixed.length} of ${USERS.length} chats were answered by both containers in turn`,
  )
  const { telegraf, year } = answers[0]
  expect(telegraf.startsWith('/handlers/node_modules/') && year === '2026', `its own dayjs and ${telegraf}`)
  const log = (await readFile(join(folder, 'data/log.txt'), 'utf8')).trim().split('\n')
  expect(log.length === answers.length, `./data/log.txt is in the folder, with ${log.length} lines`)
  return folder
}

/** A bot that writes beside its code. */
export async function provesTheShop() {
  part(
    'examples/shop, HANDLERS=./bot.js, with its own node_modules: a photo, a wizard, SQLite in ./data, a setting in ./.env, a folder of uid 1234',
  )
  const folder = await installFolder('examples/shop', 1234, 'SHOP_PROVIDER_TOKEN=284685063:TEST:proof\n')
  await writeSettings({
    HANDLERS: './bot.js',
    HANDLERS_DIR: folder,
    HANDLERS_USER: '1234:1234',
    ASSISTANT: 'off',
  })
  await up()
  const { people } = await meetSimulators()
  const [user] = USERS
  await people.says(user, '/start')
  await people.taps(user, await people.sees(user, 'Tea from seven gardens'), 'catalogue')
  await people.taps(user, await people.sees(user, 'page 1 of 3'), 'tea:oolong')
  await people.sees(user, 'What is your name?')
  await people.says(user, 'Anna')
  await people.sees(user, 'Nice to meet you, Anna')
  await people.says(user, '12 Long Street, Paris')
  await people.taps(user, await people.sees(user, 'Is that right?'), 'confirm')
  await people.sees(user, 'Milk oolong')
  await people.says(user, '/orders')
  expect(await people.sees(user, '#1 Milk oolong (unpaid)'), 'the order #1 was taken and found again')
  expect((await readFile(join(folder, 'data/shop.db'))).length > 0, './data/shop.db is in the folder')
}

/** A worker beside the compose file's, which are stopped. */
async function runWorker(name, image, ...more) {
  const settings = ['--env-file', join(scratch, '.env'), '-e', 'REDIS_URL=redis://redis:6379']
  await docker('run', '-d', '--name', name, '--network', project.network, ...settings, ...more, image, WORKER)
  return (await docker('inspect', '--format', '{{.Id}}', name)).slice(0, 12)
}

/** Without the compose file. */
export async function provesOtherWays(folder) {
  part('An image of its own (FROM chatlane), and a read-only mount with a volume for ./data')
  await docker('build', '--quiet', '--tag', `${PROJECT}-author`, join(ROOT, 'scripts/image/author'))
  await writeSettings({ HANDLERS: '/handlers/bot.ts', ASSISTANT: 'off' })
  await project.compose('stop', 'worker')
  const own = await runWorker(`${PROJECT}-own`, `${PROJECT}-author`)
  const ofOwn = await everyoneCounts(1, 6)
  expect(
    ofOwn.every(({ host }) => host === own),
    `${ofOwn.length} answers by the image of its own, the sixth of each chat`,
  )
  expect(
    await docker('exec', `${PROJECT}-own`, 'cat', '/handlers/data/log.txt'),
    'it writes its ./data/log.txt',
  )
  await docker('stop', `${PROJECT}-own`)
  const mounts = ['-v', `${folder}:/handlers:ro`, '-v', `${PROJECT}-data:/handlers/data`]
  const readOnly = await runWorker(`${PROJECT}-readonly`, 'chatlane', ...mounts)
  const ofReadOnly = await everyoneCounts(1, 7)
  expect(
    ofReadOnly.every(({ host }) => host === readOnly),
    `${ofReadOnly.length} answers by the worker with the read-only mount`,
  )
  await docker('stop', `${PROJECT}-readonly`)
  for (const name of ['own', 'readonly']) {
    const code = await docker('inspect', '--format', '{{.State.ExitCode}}', `${PROJECT}-${name}`)
    expect(code === '0', `${name} was stopped and exited 0`)
  }
}
