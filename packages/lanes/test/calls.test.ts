import { createLog } from '@chatlane/runtime'
import { openTestRedis, until } from '@chatlane/test-kit'
import { expect, onTestFinished, test } from 'vitest'
import { createBudget } from '../src/budget.ts'
import { type Calls, createCalls, noteInJournal, type OutboxCall } from '../src/calls.ts'
import { createInbox } from '../src/inbox.ts'
import { type Mailbox, openMailbox } from '../src/mailbox.ts'
import { createKeys } from '../src/names.ts'
import { createOutbox } from '../src/outbox.ts'
import { scripts } from '../src/scripts.ts'
import { createUploads } from '../src/uploads.ts'

const CHAT = { botId: '1', homeId: '7' }
const LANE = { ...CHAT, place: '' }

async function openCalls(shards = 1) {
  const { redis, prefix } = openTestRedis()
  const keys = createKeys({ prefix, shards })
  const outbox = createOutbox({ redis, keys })
  const inbox = createInbox({ redis, keys, rules: { quietMs: 0, maxTries: 5 } })
  const limits = { botPerSecond: 30, chatPerSecond: 1, chatBurst: 3, groupPerMinute: 20 }
  const budget = createBudget({ redis, keys, botId: '1', limits })
  const log = createLog({ service: 'test', level: 'silent' })
  /** The calls of one more process. */
  const openProcess = async (): Promise<Calls> => {
    const mailbox = await openMailbox({ redis, keys })
    const calls = createCalls({
      redis,
      keys,
      mailbox,
      log,
      budgets: new Map([['1', budget]]),
      readyOutbox: async () => undefined,
    })
    onTestFinished(async () => {
      await calls.stop()
      await mailbox.stop()
    })
    return calls
  }
  /** Takes a turn of the lane; its id fences calls. */
  const takeTurn = async (turnId: string) => {
    await inbox.append(
      LANE,
      { id: '100', mergeKey: '', album: '', payload: '{}' },
      { open: true, countAs: 'u' },
    )
    expect((await inbox.take(LANE, turnId)).kind).toBe('turn')
    return { lane: LANE, turnId }
  }
  /** What a sender does: one attempt, answered. */
  const answerNext = async (answer: string) => {
    const token = `token${Math.random()}`
    const attempt = await outbox.attempt(CHAT, token)
    if (attempt.kind !== 'send') throw new Error(`nothing to send but ${attempt.kind}`)
    const { delivery } = attempt
    await outbox.note(CHAT, { token, delivery, result: { kind: 'done', answer } })
    return delivery.id
  }
  return { redis, keys, outbox, inbox, budget, openProcess, takeTurn, answerNext }
}

function call(id: string, more: Partial<OutboxCall> = {}): OutboxCall {
  return { chat: CHAT, delivery: { id, class: 1, place: '', payload: `p${id}` }, ...more }
}

async function endOf(calls: Calls, made: OutboxCall) {
  const put = await calls.put(made)
  if (put.kind === 'stale') throw new Error('stale')
  return put.end
}

test('whoever puts a call is told its answer', async () => {
  const { openProcess, answerNext } = await openCalls()
  const calls = await openProcess()
  const put = await calls.put(call('a'))
  expect(await answerNext('{"ok":true,"text":"a|b"}')).toBe('a')
  expect(put.kind === 'durable' && (await put.end)).toEqual({
    kind: 'answered',
    answer: '{"ok":true,"text":"a|b"}',
  })
})

test('putting a call again, also from another process, posts nothing twice and tells both', async () => {
  const { openProcess, answerNext, outbox } = await openCalls()
  const [one, other] = [await openProcess(), await openProcess()]
  const first = await one.put(call('a'))
  const second = await other.put(call('a'))
  await answerNext('yes')
  expect(second.kind === 'durable' && (await second.end)).toEqual({ kind: 'answered', answer: 'yes' })
  // The first process finds what was told to the second.
  expect(first.kind === 'durable' && (await first.end)).toEqual({ kind: 'answered', answer: 'yes' })
  expect(await outbox.attempt(CHAT, 'last')).toEqual({ kind: 'empty' })
})

test('a call that was answered before is answered at once', async () => {
  const { openProcess, answerNext } = await openCalls()
  const calls = await openProcess()
  await calls.put(call('a'))
  await answerNext('yes')
  expect(await endOf(await openProcess(), call('a'))).toEqual({ kind: 'answered', answer: 'yes' })
})

test('calls leave in the order in which they were put', async () => {
  const { openProcess, answerNext } = await openCalls()
  const calls = await openProcess()
  for (const id of ['3', '1', '2']) await calls.put(call(id))
  expect([await answerNext('x'), await answerNext('x'), await answerNext('x')]).toEqual(['3', '1', '2'])
})

test('a turn that was replaced makes no calls any more, of its own chat or of another', async () => {
  for (const shards of [1, 7]) {
    const { openProcess, takeTurn, outbox, inbox } = await openCalls(shards)
    const calls = await openProcess()
    const turn = await takeTurn('first')
    expect((await calls.put(call('a', { turn }))).kind).toBe('durable')
    await inbox.take(LANE, 'second')
    expect((await calls.put(call('b', { turn }))).kind).toBe('stale')
    const elsewhere = { botId: '1', homeId: '8' }
    expect((await calls.put(call('c', { turn, chat: elsewhere }))).kind).toBe('stale')
    expect(await outbox.attempt(elsewhere, 'token')).toEqual({ kind: 'empty' })
  }
})

test('a turn begun anew joins the calls of the one before it', async () => {
  const { openProcess, takeTurn, answerNext, inbox } = await openCalls()
  await (await openProcess()).put(call('a', { turn: await takeTurn('first') }))
  await inbox.take(LANE, 'second')
  const put = await (await openProcess()).put(call('a', { turn: { lane: LANE, turnId: 'second' } }))
  await answerNext('yes')
  expect(put.kind === 'durable' && (await put.end)).toEqual({ kind: 'answered', answer: 'yes' })
})

test('what a turn notes first stands, and a replaced one notes nothing', async () => {
  const { redis, keys, takeTurn, inbox } = await openCalls()
  const note = (turnId: string, value: string) =>
    noteInJournal({ redis, keys }, { lane: LANE, turnId, field: 'once', value })
  await takeTurn('first')
  expect(await note('first', 'one')).toBe('one')
  await inbox.take(LANE, 'second')
  expect(await note('first', 'two')).toBeUndefined()
  expect(await note('second', 'three')).toBe('one')
})

test('a call to a chat that Telegram holds back for longer than a minute is taken back', async () => {
  const { openProcess, budget, outbox } = await openCalls()
  const calls = await openProcess()
  const put = await calls.put(call('a'))
  await budget.freeze('7', 63_000)
  const end = put.kind === 'durable' ? await put.end : undefined
  expect(end?.kind).toBe('paused')
  expect(end?.kind === 'paused' && end.ms).toBeGreaterThan(60_000)
  expect(await outbox.attempt(CHAT, 'token')).toEqual({ kind: 'empty' })
})

test('a call whose attempt stands is not taken back', async () => {
  const { openProcess, redis, keys, outbox } = await openCalls()
  await (await openProcess()).put(call('a'))
  const outKeys = [keys.ofChat(CHAT, 'out'), keys.ofChat(CHAT, 'outm'), keys.ofShard(0, 'outdirty')]
  const cancel = () => scripts.cancel(redis, [...outKeys, keys.ofChat(CHAT, 'call:a')], ['1:7', 'a'])
  const attempt = await outbox.attempt(CHAT, 'token')
  expect(await cancel()).toBe(0)
  if (attempt.kind !== 'send') throw new Error('nothing to send')
  await outbox.note(CHAT, { token: 'token', delivery: attempt.delivery, result: { kind: 'again' } })
  expect(await cancel()).toBe(1)
  expect(await outbox.attempt(CHAT, 'token')).toEqual({ kind: 'empty' })
  expect(await redis.exists(keys.ofChat(CHAT, 'call:a'), keys.ofChat(CHAT, 'outm'))).toBe(0)
})

test('a call that is forgotten while it waits is told to be lost', async () => {
  const { openProcess, redis, keys } = await openCalls()
  const put = await (await openProcess()).put(call('a'))
  await redis.del(keys.ofChat(CHAT, 'call:a'))
  expect(put.kind === 'durable' && (await put.end)).toEqual({ kind: 'lost' })
})

test('the process that holds the bytes sends them when the sender says so', async () => {
  const { openProcess, redis, keys } = await openCalls()
  const mailbox = await openMailbox({ redis, keys })
  onTestFinished(() => mailbox.stop())
  const uploads = createUploads({ redis, keys, mailbox })
  await (await openProcess()).put(call('a', { upload: async () => 'sent|well' }))
  expect(await uploads.ask(CHAT, 'a', () => undefined)).toEqual({ kind: 'ended', outcome: 'sent|well' })
})

test('an upload whose holder has died is absent', async () => {
  const { redis, keys } = await openCalls()
  const mailbox = await openMailbox({ redis, keys })
  onTestFinished(() => mailbox.stop())
  const uploads = createUploads({ redis, keys, mailbox })
  expect(await uploads.ask(CHAT, 'never put', () => undefined)).toEqual({ kind: 'absent' })
  await redis.hset(keys.ofChat(CHAT, 'call:a'), 'w', keys.ofShard(0, 'mail:gone'))
  expect(await uploads.ask(CHAT, 'a', () => undefined)).toEqual({ kind: 'absent' })
})

test('a commit whose expectation does not hold changes nothing', async () => {
  const { redis, keys, inbox, takeTurn } = await openCalls()
  const { turnId } = await takeTurn('first')
  const key = keys.ofChat(CHAT, 'sess:7')
  await redis.hset(key, 'v', 'newer')
  const writes = [
    { command: 'expect', key, args: ['v', 'older'] },
    { command: 'hset', key, args: ['v', 'mine'] },
  ] as const
  const delivery = { id: 'd', class: 1, place: '', payload: 'p' } as const
  const refused = await inbox.commit(LANE, turnId, { deliveries: [delivery], writes })
  expect(refused.kind).toBe('conflict')
  expect(await redis.hget(key, 'v')).toBe('newer')
  expect(await redis.zcard(keys.ofChat(CHAT, 'out'))).toBe(0)
  await redis.hset(key, 'v', 'older')
  expect((await inbox.commit(LANE, turnId, { deliveries: [delivery], writes })).kind).toBe('committed')
  expect(await redis.hget(key, 'v')).toBe('mine')
  await until(async () => (await redis.zcard(keys.ofChat(CHAT, 'out'))) === 1 || undefined)
})

test('whoever hears of an upload after the sender gave it up sends nothing', async () => {
  const { redis, keys, outbox } = await openCalls()
  const real = await openMailbox({ redis, keys })
  const heard = Promise.withResolvers<() => void>()
  const late: Mailbox = {
    ...real,
    on: (topic, hear) =>
      real.on(topic, (text) => (topic === 'upload' ? heard.resolve(() => hear(text)) : hear(text))),
  }
  const budgets = new Map()
  const log = createLog({ service: 'test', level: 'silent' })
  const calls = createCalls({ redis, keys, mailbox: late, log, budgets, readyOutbox: async () => undefined })
  const mailbox = await openMailbox({ redis, keys })
  onTestFinished(async () => void (await Promise.all([calls.stop(), real.stop(), mailbox.stop()])))
  let uploads = 0
  const upload = async () => {
    uploads++
    return '{"kind":"ok"}'
  }
  await calls.put(call('a', { upload }))
  const sender = createUploads({ redis, keys, mailbox })
  const asked = sender.ask(CHAT, 'a', () => undefined)
  const hear = await heard.promise
  // The sender has written that it gave up, and takes it back only when it answers: it hears in between.
  expect((await asked).kind).toBe('absent')
  hear()
  expect(await outbox.attempt(CHAT, 'token')).toMatchObject({ kind: 'send' })
  expect(uploads).toBe(0)
})

test('a sender that asks again while an upload runs, or after it went well, is told the same', async () => {
  const { openProcess, redis, keys } = await openCalls()
  const mailbox = await openMailbox({ redis, keys })
  onTestFinished(() => mailbox.stop())
  const sender = createUploads({ redis, keys, mailbox })
  const sent = Promise.withResolvers<string>()
  let uploads = 0
  await (await openProcess()).put(
    call('a', {
      upload: () => {
        uploads++
        return sent.promise
      },
    }),
  )
  const first = sender.ask(CHAT, 'a', () => undefined)
  const second = sender.ask(CHAT, 'a', () => undefined)
  sent.resolve('{"kind":"ok"}')
  expect([(await first).kind, (await second).kind]).toEqual(['ended', 'ended'])
  expect((await sender.ask(CHAT, 'a', () => undefined)).kind).toBe('ended')
  expect(uploads).toBe(1)
})
