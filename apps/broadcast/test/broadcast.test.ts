import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  conductBroadcasts,
  createAudience,
  createBroadcastJobs,
  createBroadcasts,
  createKeys,
  createRecipients,
  createWakes,
  type RecipientResult,
} from '@chatlane/lanes'
import { createLog } from '@chatlane/runtime'
import { openTestRedis, startCommand, until } from '@chatlane/test-kit'
import { expect, onTestFinished, test } from 'vitest'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const TOKEN = '7:AAAAAAAAAAAAAAAAAAAA'

/** The command on a Redis of the test's own, and what a sender does: `answer` decides what becomes of each call. */
function openCommand(answer: (chat: string, payload: string) => RecipientResult['kind'] = () => 'sent') {
  const { redis, prefix, url } = openTestRedis()
  const keys = createKeys({ prefix, shards: 1 })
  const log = createLog({ service: 'test', level: 'silent' })
  const onError = () => undefined
  const wakes = createWakes({ redis, keys, onError })
  const jobs = createBroadcastJobs({ redis, keys, onError })
  const broadcasts = createBroadcasts({ redis, keys, jobs })
  const recipients = createRecipients({ redis, keys })
  const budgets = new Map([['7', undefined]])
  const conductor = conductBroadcasts({
    redis,
    keys,
    wakes,
    broadcasts,
    jobs,
    budgets,
    log,
    pace: { feedMs: 5 },
  })
  const calls: string[] = []
  let stopped = false
  const pumping = (async () => {
    for (let n = 0; !stopped; n++) {
      for (const homeId of await redis.hkeys(`${keys.bot('7')}:open`)) {
        const chat = { botId: '7', homeId }
        const token = `t.${n}.${homeId}`
        const attempt = await recipients.attempt(chat, token)
        if (attempt.kind !== 'send') continue
        calls.push(homeId)
        const kind = answer(homeId, attempt.payload)
        if (kind === 'replace') continue
        await recipients.note(chat, { broadcastId: attempt.broadcastId, token, result: { kind } })
      }
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  })()
  onTestFinished(async () => {
    stopped = true
    await pumping
    await conductor.stop()
    await Promise.all([jobs.close(), wakes.close()])
  })
  const environment = { REDIS_URL: url, REDIS_PREFIX: prefix, TELEGRAM_BOT_TOKEN: TOKEN }
  const start = (args: string[], env: Record<string, string> = {}) =>
    startCommand({ main: MAIN, args, env: { ...environment, ...env } })
  return {
    ...{ redis, keys, calls, broadcasts, start },
    audience: createAudience({ redis, keys }),
    run: (...args: string[]) => start(args).ended,
  }
}

function chatFile(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'chats-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'chats.txt')
  writeFileSync(file, text)
  return file
}

test('it sends a text to a list, shows how far it is, and ends with 0', async () => {
  const payloads: string[] = []
  const command = openCommand((chat, payload) => {
    payloads.push(payload)
    return chat === '2' ? 'blocked' : 'sent'
  })
  const { code, out, err } = await command.run(
    'send',
    '--text',
    '**Hi**',
    '--to',
    chatFile('1 2 3 3'),
    '--yes',
  )
  expect([code, err]).toEqual([0, ''])
  expect(out).toContain('7-1: running, to 3 chats\n')
  expect(out).toMatch(/\n7-1 done 100% \(3 of 3 chats\): 2 sent, 1 blocked, 0 failed, 0 unknown\n$/)
  expect(command.calls.sort()).toEqual(['1', '2', '3'])
  expect(JSON.parse(payloads[0] ?? '')).toEqual({
    ...{ method: 'sendMessage', chatId: 0, text: 'Hi' },
    entities: [{ type: 'bold', offset: 0, length: 2 }],
  })
})

test('it sends a photo to all, without waiting where it is told so', async () => {
  const command = openCommand()
  for (const chat of ['4', '5']) await command.audience.join('7', chat)
  const file = chatFile('Look at _this_')
  const all = ['--to-all', '--yes', '--detach', '--paid']
  const { out } = await command.run(
    'send',
    '--text-file',
    file,
    '--photo',
    'https://example.org/a.png',
    ...all,
  )
  expect(out).toMatch(/^7-1: (running|done), to 2 chats\n$/)
  await until(() => command.calls.length === 2)
  expect(await command.broadcasts.status('7-1')).toMatchObject({ audience: 'all', paidPerSecond: 1000 })
})

test('Ctrl+C leaves a broadcast running and says how to come back and how to stop it', async () => {
  const command = openCommand(() => 'again')
  const { child, output, ended } = command.start(['send', '--text', 'Hi', '--to', chatFile('1'), '--yes'])
  await until(() => output.out.includes('0 of 1 chat'))
  child.kill('SIGINT')
  const { code, out } = await ended
  expect(code).toBe(0)
  expect(out).toContain(
    '7-1 goes on without you. pnpm broadcast follow 7-1 shows it, pnpm broadcast stop 7-1 stops it.\n',
  )
  expect((await command.run('status')).out).toMatch(/^7-1 running 0% /)
  expect((await command.run('stop', '1')).out).toMatch(/^7-1 stopp(ing|ed) /)
  const followed = await command.run('follow', '7-1')
  expect(followed.out).toContain('It goes on with: pnpm broadcast resume 7-1\n')
  expect(await command.run('stop', '1')).toMatchObject({ code: 1, err: '7-1 is stopped already\n' })
})

test('the unknown ones are listed, and sent to anyway when that is asked for', async () => {
  let first = true
  const command = openCommand((chat) => (first && chat !== '1' ? 'unknown' : 'sent'))
  const sent = await command.run('send', '--text', 'Hi', '--to', chatFile('1 2 3'), '--yes')
  expect(sent.out).toContain(
    '2 chats may or may not have got it: pnpm broadcast unknown 7-1 lists them, pnpm broadcast resend 7-1 sends to them anyway\n',
  )
  expect((await command.run('unknown', '7-1')).out.trim().split('\n').sort()).toEqual(['2', '3'])
  const early = await command.run('resend', '7-1', '--yes')
  expect([early.code, early.err]).toEqual([
    1,
    expect.stringMatching(/^answers may still come: try again in \d+ s\n$/),
  ])
  first = false
  await command.redis.hset(`${command.keys.bot('7')}:bc:7-1:unknown`, '2', '1|x', '3', '1|y')
  const resent = await command.run('resend', '7-1', '--yes')
  expect([resent.code, resent.err]).toEqual([0, ''])
  expect(resent.out).toMatch(/^7-2: to 2 chats\n(.*\n)*7-2 done 100% \(2 of 2 chats\): 2 sent,/)
  expect(command.calls.sort()).toEqual(['1', '2', '2', '3', '3'])
  const list = (await command.run('list')).out.trim().split('\n')
  expect(list.map((line) => line.split(' ')[0])).toEqual(['7-2', '7-1'])
  expect((await command.run('status', '7-1')).out).toContain('Sent to the unknown ones as 7-2\n')
})

test('what can not be done is one line and ends with 1, and nothing is sent', async () => {
  const command = openCommand()
  const file = chatFile('1')
  const wrong: [string[], string | RegExp][] = [
    [['sned'], 'sned is no command\n'],
    [
      ['send', '--text', 'Hi', '--to', file],
      /^Send to 1 chat of bot 7\? Nobody is here to be asked: add --yes\n$/,
    ],
    [['send', '--text', 'Hi', '--to-all', '--yes'], 'bot 7 knows no chats yet\n'],
    [['send', '--text', 'Hi', '--to', chatFile('# none'), '--yes'], /names no chats\n$/],
    [['send', '--text', ' ', '--to', file, '--yes'], 'the text is blank\n'],
    [
      ['send', '--text', 'a'.repeat(4097), '--to', file, '--yes'],
      /^the text takes 4,097 characters.*4,096.*\n$/,
    ],
    [
      ['send', '--text', 'a'.repeat(1025), '--photo', 'AgAC', '--to', file, '--yes'],
      /^the text takes 1,025 characters.* a photo's caption takes 1,024 .*\n$/,
    ],
    [['send', '--text', 'Hi', '--to', file, '--bot', '8', '--yes'], /^--bot 8 is none of the bots/],
    [['send', '--text-file', '/nowhere', '--to', file, '--yes'], /^\/nowhere can't be read: ENOENT/],
    [['status'], 'bot 7 has no broadcasts\n'],
    [['follow', '7-99'], 'there is no broadcast 7-99; ended ones are kept for 30 days\n'],
  ]
  for (const [args, message] of wrong) {
    const { code, out, err } = await command.run(...args)
    expect([args, code, out]).toEqual([args, 1, ''])
    expect(err).toMatch(
      message instanceof RegExp ? message : new RegExp(`^${message.replace(/[?]/g, '\\?')}$`),
    )
  }
  expect(command.calls).toEqual([])
  expect(await command.broadcasts.list('7')).toEqual([])
})

test('settings that are missing are a line each, and no token is in one', async () => {
  const command = openCommand()
  const { code, err } = await command.start(['list'], { REDIS_URL: '', TELEGRAM_BOT_TOKEN: 'hush' }).ended
  expect(code).toBe(1)
  expect(err).toMatch(/^TELEGRAM_BOT_TOKEN: /)
  expect(err).not.toContain('hush')
  expect((await command.start([], { REDIS_URL: '' }).ended).out).toContain('pnpm broadcast send')
})
