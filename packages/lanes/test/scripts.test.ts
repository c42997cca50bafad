import { readdirSync, readFileSync } from 'node:fs'
import { openTestRedis } from '@chatlane/test-kit'
import { expect, onTestFinished, test } from 'vitest'
import { createAudience } from '../src/audience.ts'
import { createBroadcastJobs } from '../src/broadcast-jobs.ts'
import { createRecipients } from '../src/broadcast-recipients.ts'
import { createBroadcasts } from '../src/broadcasts.ts'
import { createBudget } from '../src/budget.ts'
import { eraseChat } from '../src/erase-chat.ts'
import { createInbox } from '../src/inbox.ts'
import { holdLease } from '../src/leader.ts'
import { createKeys } from '../src/names.ts'
import { createOutbox } from '../src/outbox.ts'
import { scripts } from '../src/scripts.ts'

const folder = new URL('../src/lua/', import.meta.url)
const files = readdirSync(folder)
const textOf = (file: string) => readFileSync(new URL(file, folder), 'utf8')
const included = new Set(
  files.flatMap((file) => [...textOf(file).matchAll(/^-- @include (\S+)$/gm)].map((match) => match[1])),
)
const standalone = files.filter((file) => !included.has(file))

test('every Lua file is a script of its own or part of one', () => {
  const kebab = (name: string) => `${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}.lua`
  expect(Object.keys(scripts).map(kebab).sort()).toEqual(standalone.sort())
})

test.each(standalone)('%s opens with its keys, what it returns and the race it closes', (file) => {
  const opening = textOf(file).split(/^(?!--|#!)/m)[0] ?? ''
  for (const part of ['KEYS', 'Returns', 'Race closed'])
    expect(opening).toMatch(new RegExp(`^-- ${part}`, 'm'))
  if (/\bARGV\b/.test(textOf(file))) expect(opening).toMatch(/^-- ARGV/m)
})

test.each(
  standalone.filter((file) => !['append.lua', 'publish.lua', 'post.lua', 'heads.lua'].includes(file)),
)('%s works when Redis is full: only what lets work in is refused', (file) => {
  expect(textOf(file).split('\n')[0]).toBe('#!lua flags=allow-oom')
})

test('every script runs after Redis forgot them all', async () => {
  const { redis, prefix } = openTestRedis()
  const keys = createKeys({ prefix, shards: 1 })
  const lane = { botId: '1', homeId: '7', place: '' }
  const inbox = createInbox({ redis, keys, rules: { quietMs: 0, maxTries: 3 } })
  const outbox = createOutbox({ redis, keys })
  const limits = { botPerSecond: 30, chatPerSecond: 1, chatBurst: 3, groupPerMinute: 20 }
  const budget = createBudget({ redis, keys, botId: '1', limits })
  const lease = holdLease({ redis, key: `${keys.bot('1')}:x`, token: 't' })
  const delivery = { id: 'd', class: 1 as const, items: 1, stream: '', place: '', payload: '', atMs: 0 }
  const item = { id: '1', mergeKey: '', album: '', payload: '' }
  const audience = createAudience({ redis, keys })
  const jobs = createBroadcastJobs({ redis, keys, onError: () => undefined })
  onTestFinished(() => jobs.close())
  const broadcasts = createBroadcasts({ redis, keys, jobs })
  const recipients = createRecipients({ redis, keys })
  const calls = [
    () => inbox.append(lane, item, { open: true, countAs: 'n' }),
    () => inbox.take(lane, 'a'),
    () => inbox.handBack(lane, 'a', { pauseMs: 0, counts: false }),
    () => inbox.take(lane, 'b'),
    () => inbox.commit(lane, 'b', { deliveries: [delivery], writes: [] }),
    () => outbox.post(lane, { ...delivery, id: 'e' }),
    () => outbox.heads([lane]),
    () => budget.ready('7', '1'),
    () => budget.lease('t', 1000),
    () => budget.grant('t', { most: 1, prefix: 't.1.' }),
    () => outbox.attempt(lane, 't.1.1'),
    () => outbox.note(lane, { token: 't.1.1', delivery, result: { kind: 'done' } }),
    () => budget.answered({ id: 't.1.1', chat: '7', class: '1' }, { next: '', used: true }),
    () => budget.action('7', 'x', 100),
    () => budget.release('t', true),
    () => audience.join('1', '7'),
    () => audience.leave('1', '7', 'blocked'),
    () => broadcasts.create({ botId: '1', payload: '', audience: [['7']] }),
    () => scripts.broadcastFeed(redis, [keys.bot('1')], ['1-1', 10, 10, '1']),
    () => recipients.attempt(lane, 't.2.1'),
    () => recipients.handOver(lane, 't.2.1'),
    () => recipients.note(lane, { broadcastId: '1-1', token: 't.2.1', result: { kind: 'sent' } }),
    () => broadcasts.stop('1-1'),
    () => broadcasts.resume('1-1'),
    () => eraseChat({ redis, keys, chat: lane, writes: () => [], lookIn: 'everywhere' }),
    () => lease.acquire(),
    () => lease.release(),
  ]
  for (const call of [...calls, ...calls]) {
    await redis.script('FLUSH')
    await call()
  }
})
