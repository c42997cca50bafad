import { expect, test } from 'vitest'
import { openCommand } from './open-command.ts'

async function idsOf({ redis, keys }: ReturnType<typeof openCommand>, botId = '7'): Promise<number[]> {
  const pages = await redis.keys(`${keys.bot(botId)}:aud:page:*`)
  const ids = await Promise.all(pages.map((page) => redis.smembers(page)))
  return ids
    .flat()
    .map(Number)
    .sort((one, other) => one - other)
}

test('each chat of a list can be reached from then on, and a second time none is new', async () => {
  const command = openCommand()
  command.write('chats.txt', '# ours\n1\n\n2 # two\r\n-1001234567890\n1\n')
  expect(await command.run('chats', 'chats.txt')).toEqual({
    ...{ code: 0, err: '' },
    out: '4 chats of bot 7, 3 of them new\n',
  })
  expect(await idsOf(command)).toEqual([-1001234567890, 1, 2])
  expect((await command.run('chats', 'chats.txt')).out).toBe('4 chats of bot 7, 0 of them new\n')
})

test('of a CSV file the first column is taken, below its heading', async () => {
  const command = openCommand()
  command.write('people.csv', '\uFEFF"chat_id";"visits"\r\n"11";"3"\r\n12,4\n13\t5\n')
  expect((await command.run('chats', 'people.csv')).out).toBe('3 chats of bot 7, 3 of them new\n')
  expect(await idsOf(command)).toEqual([11, 12, 13])
})

test('a JSON array is read however its lines break, its ids as numbers or texts', async () => {
  const command = openCommand()
  command.write('one.json', [21, '22', -23])
  command.write('many.json', '[\n  24,\n  "25"\n]\n')
  expect((await command.run('chats', 'one.json')).out).toBe('3 chats of bot 7, 3 of them new\n')
  expect((await command.run('chats', 'many.json')).out).toBe('2 chats of bot 7, 2 of them new\n')
  expect(await idsOf(command)).toEqual([-23, 21, 22, 24, 25])
})

test('what is no id is listed with its line, the rest is brought, and the command ends with 1', async () => {
  const command = openCommand()
  command.write('chats.txt', '1\n@someone\n2\n99999999999999999\n')
  expect(await command.run('chats', 'chats.txt')).toEqual({
    code: 1,
    err: 'chats.txt, line 2: "@someone" is not the id of a chat\nchats.txt, line 4: "99999999999999999" is not the id of a chat\n',
    out: '2 chats of bot 7, 2 of them new; 2 skipped\n',
  })
  const words = Array.from({ length: 150 }, (_, n) => `@${n}`)
  command.write('words.txt', ['1', ...words].join('\n'))
  const { err } = await command.run('chats', 'words.txt')
  expect(err.trim().split('\n')).toHaveLength(101)
  expect(err).toMatch(/… and no more is listed\n$/)
})

test('a group that became a supergroup is brought under its home', async () => {
  const command = openCommand()
  await command.homes.noteMigration('7', { from: '-5', to: '-100500' })
  command.write('chats.txt', '-100500\n')
  await command.run('chats', 'chats.txt')
  expect(await idsOf(command)).toEqual([-5])
})

test('a list longer than a portion comes whole, each id once', async () => {
  const command = openCommand()
  command.write('chats.txt', Array.from({ length: 45_000 }, (_, n) => ((n * 7919) % 30_011) + 1).join('\n'))
  expect((await command.run('chats', 'chats.txt')).out).toBe('45,000 chats of bot 7, 30,011 of them new\n')
  expect(await command.audience.size('7')).toBe(30_011)
})

test('with several bots --bot says which, and what is used wrongly is told in a line', async () => {
  const command = openCommand()
  const { run, runWith, write } = command
  write('chats.txt', '1\n')
  const two = { TELEGRAM_BOT_TOKENS: '8:BBBBBBBBBBBBBBBBBBBB' }
  expect((await runWith(two, 'chats', 'chats.txt')).err).toBe('--bot must say which: 7, 8\n')
  expect((await runWith(two, 'chats', 'chats.txt', '--bot', '8')).code).toBe(0)
  expect(await idsOf(command, '8')).toEqual([1])
  for (const [args, err] of [
    [['chats', 'nowhere.txt'], /^nowhere\.txt can't be read: ENOENT/],
    [['chats'], /^chats needs a file of chat ids\n$/],
    [['chats', 'chats.txt', '--replace'], /^--replace belongs to sessions\n$/],
    [['people', 'chats.txt'], /^people is no command: chats, sessions\n$/],
  ] as const)
    expect(await run(...args)).toEqual({ code: 1, out: '', err: expect.stringMatching(err) })
  expect((await run('--help')).out).toContain('pnpm bring chats <file>')
})
