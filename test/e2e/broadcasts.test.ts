import { createBroadcastJobs, createBroadcasts, createKeys } from '@chatlane/lanes'
import { until } from '@chatlane/test-kit'
import { expect, onTestFinished, test } from 'vitest'
import type { ServiceProcess } from './service-process.ts'
import { standing } from './shown.ts'
import { openStack, type Stack } from './stack.ts'

const BOT = '7001'
const FIRST_USER = 10_001
const NEWS = 'The news of the day'

/** Broadcasts as an operator's command makes them. */
function openBroadcasts(stack: Stack) {
  const { redis, prefix } = stack.redis
  const keys = createKeys({ prefix, shards: 1 })
  const jobs = createBroadcastJobs({ redis, keys, onError: () => undefined })
  onTestFinished(() => jobs.close())
  const broadcasts = createBroadcasts({ redis, keys, jobs })
  const payload = JSON.stringify({ method: 'sendMessage', chatId: 0, text: NEWS, entities: [] })
  const ended = (id: string) =>
    until(async () => {
      const status = await broadcasts.status(id)
      return status?.state === 'done' ? status : undefined
    })
  return { broadcasts, payload, ended, jobs }
}

const usersFrom = (first: number, count: number) => Array.from({ length: count }, (_, i) => first + i)

/** How often each recipient was posted the news. */
function postings(stack: Stack, users: readonly number[]): number[] {
  return users.map((id) => standing(stack, id).filter((text) => text === NEWS).length)
}

test('a broadcast to 5,000 chats whose sender is killed twice reaches everyone once but who was in flight, and they are listed', async () => {
  const limits = { botPerSecond: 200 }
  const stack = await openStack({
    environment: { TELEGRAM_LIMIT_PER_SECOND: '200', MERGE_WINDOW_MS: '0' },
    telegram: { limits: { ...limits, enforce: true }, answerDelayMs: [20, 120] },
  })
  const users = usersFrom(FIRST_USER, 5000)
  for (const id of users) stack.telegram.phone.createUser({ id })
  const senders: ServiceProcess[] = [await stack.start('sender'), await stack.start('sender')]
  await Promise.all([stack.start('gateway'), stack.start('worker')])
  const { broadcasts, payload, ended } = openBroadcasts(stack)
  const { id } = await broadcasts.create({ botId: BOT, payload, audience: oneByOne(users) })

  // People go on talking meanwhile: each waits for the answer before the next message.
  const talkers = usersFrom(1, 10)
  for (const user of talkers) stack.telegram.phone.createUser({ id: user })
  const waits: number[] = []
  let isOver = false
  const talk = async (user: number) => {
    for (let n = 1; !isOver; n++) {
      const askedAt = performance.now()
      stack.telegram.phone.sendText({ from: user, text: `message ${n}` })
      await stack.telegram.waitUntil(() => standing(stack, user).length >= n || isOver, 60_000)
      waits.push(performance.now() - askedAt)
      await new Promise((resolve) => setTimeout(resolve, 1500))
    }
  }
  const talking = Promise.all(talkers.map(talk))

  for (const share of [0.2, 0.5]) {
    await stack.telegram.waitUntil(
      () => (stack.telegram.ledger().bots[0]?.sends.posted ?? 0) > share * 5000,
      120_000,
    )
    const busy = await until(async () => {
      for (const sender of senders) if ((await callsOf(sender)) > 0) return sender
      return undefined
    })
    await busy.kill()
    senders[senders.indexOf(busy)] = await stack.start('sender')
  }
  const status = await ended(id)
  isOver = true
  await talking

  const counts = postings(stack, users)
  expect(counts.filter((count) => count > 1)).toEqual([])
  const unknown: string[] = []
  for await (const portion of broadcasts.unknowns(id)) unknown.push(...portion)
  const missing = users.filter((_, index) => counts[index] === 0)
  for (const user of missing) expect(unknown).toContain(String(user))
  expect(status).toMatchObject({
    sent: 5000 - unknown.length,
    unknown: unknown.length,
    failed: 0,
    blocked: 0,
  })
  expect(unknown.length).toBeLessThan(128)
  const [ledger] = stack.telegram.ledger().bots
  expect(ledger?.overLimit).toMatchObject({ bot: 0, private: 0 })
  const typical = waits.toSorted((one, other) => one - other)[Math.floor(waits.length / 2)] ?? 0
  expect(typical).toBeLessThan(1000)

  // An operator sends to the unknown ones anyway: whoever missed it gets it.
  if (unknown.length > 0) {
    const again = await until(async () => {
      const resent = await broadcasts.resendUnknown(id)
      return resent.kind === 'created' ? resent.broadcast : undefined
    })
    await ended(again.id)
    expect(postings(stack, missing)).toEqual(missing.map(() => 1))
  }
}, 300_000)

test('who blocked the bot is counted, remembered and skipped the next time', async () => {
  const stack = await openStack({ environment: { TELEGRAM_LIMIT_PER_SECOND: '200' } })
  const users = usersFrom(FIRST_USER, 30)
  for (const id of users) stack.telegram.phone.createUser({ id })
  for (const from of users.slice(0, 5)) stack.telegram.phone.setBlocked({ from, blocked: true })
  await stack.start('sender')
  const { broadcasts, payload, ended } = openBroadcasts(stack)
  const first = await broadcasts.create({ botId: BOT, payload, audience: oneByOne(users) })
  expect(await ended(first.id)).toMatchObject({ sent: 25, blocked: 5 })
  const second = await broadcasts.create({ botId: BOT, payload, audience: oneByOne(users) })
  expect(await ended(second.id)).toMatchObject({ sent: 25, blocked: 0, skipped: 5 })
})

test('all chats are those that talked to the bot, until they block it', async () => {
  const stack = await openStack({ environment: { MERGE_WINDOW_MS: '0' } })
  const users = usersFrom(FIRST_USER, 4)
  for (const id of users) stack.telegram.phone.createUser({ id })
  await Promise.all([stack.start('gateway'), stack.start('worker'), stack.start('sender')])
  for (const from of users.slice(0, 3)) stack.telegram.phone.sendText({ from, text: '/start' })
  await stack.telegram.waitUntil(
    () => users.slice(0, 3).every((id) => standing(stack, id).length === 1),
    20_000,
  )
  stack.telegram.phone.setBlocked({ from: FIRST_USER, blocked: true })
  const audienceOf = (size: number) =>
    until(
      async () => (await stack.redis.redis.get(`${stack.redis.prefix}:{b${BOT}}:aud:size`)) === String(size),
    )
  await audienceOf(2)
  const { broadcasts, payload, ended } = openBroadcasts(stack)
  const { id } = await broadcasts.create({ botId: BOT, payload, audience: 'all' })
  expect(await ended(id)).toMatchObject({ sent: 2, total: 2 })
  expect(postings(stack, users)).toEqual([0, 1, 1, 0])
  stack.telegram.phone.setBlocked({ from: FIRST_USER, blocked: false })
  await audienceOf(3)
})

test('a broadcast shows its progress as a job', async () => {
  const stack = await openStack({ environment: { TELEGRAM_LIMIT_PER_SECOND: '20' } })
  const users = usersFrom(FIRST_USER, 60)
  for (const id of users) stack.telegram.phone.createUser({ id })
  await stack.start('sender')
  const { broadcasts, payload, ended, jobs } = openBroadcasts(stack)
  const { id } = await broadcasts.create({ botId: BOT, payload, audience: oneByOne(users) })
  const seen = await until(async () => {
    const [job] = await jobs.queue.getActive()
    const progress = job?.progress as { progress?: number; sent?: number } | undefined
    return progress?.sent !== undefined && progress.sent > 0 && progress.sent < 60 ? progress : undefined
  })
  expect(seen.progress).toBeGreaterThan(0)
  await ended(id)
})

async function* oneByOne(users: readonly number[]) {
  yield users.map(String)
}

async function callsOf(service: ServiceProcess): Promise<number> {
  const metrics = await fetch(`${await service.address}/metrics`).then((answer) => answer.text())
  return Number(/^chatlane_sender_calls (\d+)/m.exec(metrics)?.[1] ?? 0)
}
