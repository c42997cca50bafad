import { readSession } from '@chatlane/chats'
import { expect, test } from 'vitest'
import { openCommand } from './open-command.ts'

/** A session as a worker reads it: of a user in the chat that has `homeId`. */
async function sessionOf({ redis, keys }: ReturnType<typeof openCommand>, homeId: string, user: string) {
  return (await readSession(redis, keys.ofChat({ botId: '7', homeId }, `sess:${user}`))).value
}

test("sessions of a map are found under the user's in the chat, others under the key that they have", async () => {
  const command = openCommand()
  const { redis, keys, run, write } = command
  await command.homes.noteMigration('7', { from: '-5', to: '-100500' })
  write('sessions.json', { '11:11': { cart: [1] }, '11:-100500': { turn: 3 }, 'shop:11': { open: true } })
  expect(await run('sessions', 'sessions.json')).toEqual({
    ...{ code: 0, err: '' },
    out: '3 sessions of bot 7 brought\n',
  })
  expect(await sessionOf(command, '11', '11')).toEqual({ cart: [1] })
  expect(await sessionOf(command, '-5', '11')).toEqual({ turn: 3 })
  const chosen = await readSession(redis, keys.ofChat({ botId: '7', homeId: 'shop:11' }, 'sess'))
  expect(chosen.value).toEqual({ open: true })
})

test('a file of telegraf-session-local is read, where the chat comes before the user', async () => {
  const command = openCommand()
  const sessions = [
    { id: '12:12', data: { step: 1 } },
    { id: '-77:12', data: { step: 2 } },
  ]
  command.write('sessions.json', JSON.stringify({ sessions, other: [1] }, undefined, 2))
  expect((await command.run('sessions', 'sessions.json')).out).toBe('2 sessions of bot 7 brought\n')
  expect(await sessionOf(command, '12', '12')).toEqual({ step: 1 })
  expect(await sessionOf(command, '-77', '12')).toEqual({ step: 2 })
})

test('sessions that are there are left alone, unless they are to be replaced', async () => {
  const command = openCommand()
  const { run, write } = command
  write('old.json', { '1:1': { from: 'old' } })
  write('new.json', { '1:1': { from: 'new' }, '2:2': { from: 'new' } })
  await run('sessions', 'old.json')
  expect(await run('sessions', 'new.json')).toEqual({
    ...{ code: 0, err: '' },
    out: '1 session of bot 7 brought; 1 were there already (--replace brings them)\n',
  })
  expect(await sessionOf(command, '1', '1')).toEqual({ from: 'old' })
  expect((await run('sessions', 'new.json', '--replace')).out).toBe('2 sessions of bot 7 brought\n')
  expect(await sessionOf(command, '1', '1')).toEqual({ from: 'new' })
})

test('what is too large or empty is listed with its line and skipped, and the command ends with 1', async () => {
  const command = openCommand()
  const sessions = { '1:1': { text: 'x'.repeat(70_000) }, '2:2': null, '3:3': { fits: true } }
  command.write('sessions.json', JSON.stringify(sessions, undefined, 2))
  expect(await command.run('sessions', 'sessions.json')).toEqual({
    code: 1,
    out: '1 session of bot 7 brought; 2 skipped\n',
    err: [
      'sessions.json, line 2: session "1:1" is too large: a session of 70011 bytes is more than the 65536 that are kept',
      'sessions.json, line 5: session "2:2" has no data',
      '',
    ].join('\n'),
  })
  expect(await sessionOf(command, '3', '3')).toEqual({ fits: true })
})

test('sessions expire where the setting says so', async () => {
  const { redis, keys, runWith, write } = openCommand()
  write('sessions.json', { '1:1': {} })
  await runWith({ SESSION_TTL_SECONDS: '1000' }, 'sessions', 'sessions.json')
  expect(await redis.ttl(keys.ofChat({ botId: '7', homeId: '1' }, 'sess:1'))).toBeGreaterThan(900)
})

test('a file that is none of the kind is told in one line', async () => {
  const { run, write } = openCommand()
  write('broken.json', '{\n  "1:1": {,\n}\n')
  write('list.json', { sessions: [{ key: '1:1', data: {} }] })
  write('number.json', '7')
  for (const [file, err] of [
    ['broken.json', /^broken\.json is no JSON: .*line 2 column 11.*\n$/],
    ['list.json', /^list\.json: session 1 of the list has no "id": nothing was brought\n$/],
    ['number.json', /^number\.json holds neither .*\n$/],
    ['nowhere.json', /^nowhere\.json can't be read: ENOENT.*\n$/],
  ] as const)
    expect(await run('sessions', file)).toEqual({ code: 1, out: '', err: expect.stringMatching(err) })
})

test('sessions of @telegraf/session/redis come from the Redis where they are', async () => {
  const command = openCommand()
  const { redis, run, url, prefix } = command
  await redis.mset(
    `${prefix}:t:1:1`,
    '{"a":1}',
    `${prefix}:t:2:-100`,
    '{"b":2}',
    `${prefix}:t:3:3`,
    'no JSON',
  )
  const { code, out, err } = await run('sessions', '--from', url, '--prefix', `${prefix}:t:`)
  expect([code, out]).toEqual([1, '2 sessions of bot 7 brought; 1 skipped\n'])
  expect(err).toMatch(/^the key .*:t:3:3: session "3:3" can't be read: .*\n$/)
  expect(await sessionOf(command, '1', '1')).toEqual({ a: 1 })
  expect(await sessionOf(command, '-100', '2')).toEqual({ b: 2 })
  expect((await run('sessions')).err).toBe(
    'sessions needs either a file or --from with the address of a Redis\n',
  )
  expect((await run('sessions', 'x.json', '--prefix', 'a')).err).toBe('--prefix belongs to --from\n')
})
