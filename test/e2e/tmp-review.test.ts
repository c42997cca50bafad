import { createLog, createTally } from '@chatlane/runtime'
import { createBudget, createCalls, createHomes, createInbox, createKeys, createOutbox, createUploads, openMailbox, createDeadLetters } from '@chatlane/lanes'
import { openTestRedis, until } from '@chatlane/test-kit'
import { expect, onTestFinished, test } from 'vitest'
import { createBotCalls } from '../../packages/bot-calls/src/bot-calls.ts'
import { openJournal } from '../../apps/worker/src/handlers/journal.ts'
import { createEffects } from '../../apps/worker/src/handlers/effects.ts'
import { createTurnCalls } from '../../apps/worker/src/handlers/turn-calls.ts'
import { createLaneRun } from '../../apps/worker/src/handlers/lane-run.ts'
import { runHandlers } from '../../apps/worker/src/handlers/run-handlers.ts'
import { createHandlerHost } from '../../apps/worker/src/handlers/handler-host.ts'
import { holdFiles } from '../../apps/worker/src/handlers/upload.ts'
import { deliverCall } from '../../apps/sender/src/deliver-call.ts'

const sleep = (ms: number) => new Promise((r) => setTimeout(r, ms))
async function open(lane = { botId: '1', homeId: '7', place: '' }) {
  const { redis, prefix } = openTestRedis()
  const keys = createKeys({ prefix, shards: 1 })
  const log = createLog({ service: 'test', level: 'silent' })
  const outbox = createOutbox({ redis, keys })
  const inbox = createInbox({ redis, keys, rules: { quietMs: 0, maxTries: 5, mostItems: () => 1 } })
  const limits = { botPerSecond: 30, chatPerSecond: 1, chatBurst: 3, groupPerMinute: 20 }
  const budget = createBudget({ redis, keys, botId: '1', limits })
  const budgets = new Map([['1', budget]])
  const mailbox = await openMailbox({ redis, keys })
  const calls = createCalls({ redis, keys, mailbox, log, budgets, readyOutbox: async () => undefined })
  onTestFinished(async () => { await calls.stop(); await mailbox.stop() })
  const homes = createHomes({ redis, keys })
  const botCalls = createBotCalls({ calls, homes, budgets })
  const append = (id: string) => inbox.append(lane, { id, mergeKey: '', album: '', payload: '{}' }, { open: true, countAs: 'u' })
  const take = async (turnId: string) => {
    const taken = await inbox.take(lane, turnId)
    if (taken.kind !== 'turn') throw new Error(taken.kind)
    return { lane, turnId, items: taken.items, tries: taken.tries, takenAtMs: 0, conflicts: 0, signal: new AbortController().signal }
  }
  const answerNext = async (chat: any, answer: string) => {
    const token = `token${Math.random()}`
    const attempt = await outbox.attempt(chat, token)
    if (attempt.kind !== 'send') throw new Error(`nothing: ${attempt.kind}`)
    await outbox.note(chat, { token, delivery: attempt.delivery, result: { kind: 'done', answer } })
    return attempt.delivery
  }
  return { redis, keys, log, outbox, inbox, mailbox, calls, homes, botCalls, append, take, answerNext, lane, budgets }
}

test('A once() runs once although the turn was handed back by a stopping worker', async () => {
  const { redis, keys, inbox, append, take, lane } = await open()
  await append('100')
  let ran = 0
  const first = await take('t1')
  const j1 = await openJournal({ redis, keys }, first)
  await createEffects(j1, '100').once('charge', () => ++ran)
  await inbox.handBack(lane, 't1', { pauseMs: 0, counts: false })
  const second = await take('t2')
  const j2 = await openJournal({ redis, keys }, second)
  await createEffects(j2, '100').once('charge', () => ++ran)
  expect({ ran, isRerun: j2.isRerun }).toEqual({ ran: 1, isRerun: true })
})

test('B a replaced run in the same process does not end its successor\'s call', async () => {
  const { calls, append, take, lane, answerNext, inbox } = await open()
  await append('100')
  await take('old')
  await take('new')
  const call = (turnId: string) => ({ chat: { botId: '1', homeId: '7' }, delivery: { id: 'c100.sendmessage.1', class: 1 as const, place: '', payload: '{}' }, turn: { lane, turnId } })
  const put = await calls.put(call('new'))
  expect((await calls.put(call('old'))).kind).toBe('stale')
  await answerNext({ botId: '1', homeId: '7' }, '{"ok":true,"result":1}')
  expect(put.kind === 'durable' && (await put.end)).toEqual({ kind: 'answered', answer: '{"ok":true,"result":1}' })
})

test('C a put during an outage of Redis, which forgot its scripts, is not told to be lost', async () => {
  const { redis, calls, answerNext } = await open()
  const before = await calls.put({ chat: { botId: '1', homeId: '7' }, delivery: { id: 'x0', class: 1, place: '', payload: '{}' } })
  await answerNext({ botId: '1', homeId: '7' }, '{}')
  before.kind === 'durable' && await before.end
  const other = redis.duplicate()
  await other.script('FLUSH')
  await other.client('PAUSE', 3500, 'ALL')
  const put = await calls.put({ chat: { botId: '1', homeId: '7' }, delivery: { id: 'x1', class: 1, place: '', payload: '{}' } })
  await answerNext({ botId: '1', homeId: '7' }, '{"ok":true,"result":1}')
  other.disconnect()
  expect(put.kind === 'durable' && (await put.end)).toMatchObject({ kind: 'answered' })
})

test('D an upload that was asked for in vain is not made later', async () => {
  const { redis, keys, log, budgets, mailbox: senders } = await open()
  // The holder's process: hears everything 1.8 s late (a blocked event loop).
  const real = await openMailbox({ redis, keys })
  const late = { ...real, on: (topic: string, heard: (t: string) => void) => real.on(topic, (t) => setTimeout(() => heard(t), 1800)) }
  const calls = createCalls({ redis, keys, mailbox: late, log, budgets, readyOutbox: async () => undefined })
  onTestFinished(async () => { await calls.stop(); await real.stop() })
  let uploaded = 0
  await calls.put({ chat: { botId: '1', homeId: '7' }, delivery: { id: 'x1', class: 1, place: '', payload: '{}' }, upload: async () => { uploaded++; return '{}' } })
  const uploads = createUploads({ redis, keys, mailbox: senders })
  expect((await uploads.ask({ botId: '1', homeId: '7' }, 'x1')).kind).toBe('absent')
  await sleep(1000)
  expect(uploaded).toBe(0)
})

test('E calls to the old and the new id of a migrated group are two', async () => {
  const lane = { botId: '1', homeId: '-5', place: '' }
  const { redis, keys, homes, botCalls, append, take, answerNext, outbox } = await open(lane)
  await homes.noteMigration('1', { from: '-5', to: '-1005' })
  await append('100')
  const turn = await take('t1')
  const journal = await openJournal({ redis, keys }, turn)
  const calls = createTurnCalls({ botCalls, keys, turn, itemId: '100', journal, class: 1, isSpinning: true })
  const say = (chat_id: number, text: string) => calls.call({ method: 'sendMessage', payload: { chat_id, text }, hasFiles: false, direct: async () => 0 })
  const one = say(-5, 'bye'); const two = say(-1005, 'hello')
  await until(async () => (await redis.zcard(keys.ofChat(lane, 'out'))) > 0 || undefined)
  await sleep(200)
  expect(await redis.zcard(keys.ofChat(lane, 'out'))).toBe(2)
})

test('F the answer is remembered as long as the update may run again', async () => {
  const { redis, keys, botCalls, append, take, answerNext } = await open()
  await append('100')
  const turn = await take('t1')
  const journal = await openJournal({ redis, keys }, turn)
  const calls = createTurnCalls({ botCalls, keys, turn, itemId: '100', journal, class: 1, isSpinning: true })
  const one = calls.call({ method: 'sendMessage', payload: { chat_id: 7, text: 'a' }, hasFiles: false, direct: async () => 0 })
  await until(async () => (await redis.zcard(keys.ofChat(turn.lane, 'out'))) > 0 || undefined)
  await answerNext({ botId: '1', homeId: '7' }, '{"ok":true,"result":1}')
  await one
  expect(await redis.ttl(keys.ofChat(turn.lane, 'call:c100.sendmessage.1'))).toBeGreaterThan(20 * 3600)
})

test('G a call that waited for its budget and whose grant was too old is tried again', async () => {
  const log = createLog({ service: 'test', level: 'silent' })
  const outcome = await deliverCall(
    { log, api: { call: async (_t: any, _m: any, _p: any, o: any) => (o.onHandOver() ? 0 : { kind: 'not-sent', detail: 'kept back' }) } as any, homes: {} as any, audience: {} as any, uploads: {} as any },
    { botId: '1', homeId: '-7', tries: 0, delivery: { id: 'x', class: 1, items: 1, stream: '', place: '', payload: '', atMs: Date.now() - 61_000 }, view: {} as any, handOver: () => false },
    { call: { method: 'sendMessage', payload: { chat_id: -7 }, isAuthors: true }, address: '-7', token: 't' },
  )
  expect(outcome.kind).toBe('again')
})

test('H ctx.lane.commit goes to the chat of a tap in a group', async () => {
  const turn = { lane: { botId: '1', homeId: '11', place: 'q' }, turnId: 't', items: [], tries: 1, takenAtMs: 0, conflicts: 0, signal: new AbortController().signal }
  const { lane, deliveries } = createLaneRun({ turn, port: {} as any, effects: { once: async (_: any, f: any) => f() }, isRerun: false })
  lane.commit('sendMessage', { chat_id: -55, text: 'to the group of the tap' })
  expect(deliveries()).toHaveLength(1)
})

test('I a run that was replaced leaves no dead letter', async () => {
  const o = await open()
  const { redis, keys, log, append, take, botCalls, homes } = o
  await append('100')
  const old = await take('old')
  await take('new')
  const deadLetters = createDeadLetters({ redis, keys, log })
  onTestFinished(() => deadLetters.close())
  const host = createHandlerHost({ botCalls, tokens: new Map([['1', '1:x']]), log })
  const tally = createTally({ redis, key: keys.ofShard(0, 'tally') })
  onTestFinished(() => tally.stop())
  await runHandlers(
    { redis, keys, host, botCalls, deadLetters, handlersOf: () => undefined, timeoutMs: 5000, tally, log, homes, ttlSeconds: undefined },
    { handlers: { run: async ({ turn }: any) => { try { await turn.calls.call({ method: 'sendMessage', payload: { chat_id: 7, text: 'x' }, hasFiles: false, direct: async () => 0 }) } catch (cause) { throw new Error('could not greet', { cause }) } }, stop() {} } as any, turn: old, itemId: '100', update: {} as any, payload: '{"text":"secret"}', token: '1:x', identity: {} as any, port: {} as any, isSpinning: true, next: async () => undefined },
  ).catch(() => undefined)
  expect(await redis.keys(`*dead:update:100*`)).toEqual([])
})

test('J a journal of once() alone is forgotten with the commit', async () => {
  const { redis, keys, inbox, append, take, lane, botCalls } = await open()
  for (const id of ['100', '101', '102']) {
    await append(id)
    const turn = await take(`t${id}`)
    const journal = await openJournal({ redis, keys }, turn)
    const calls = createTurnCalls({ botCalls, keys, turn, itemId: id, journal, class: 1, isSpinning: true })
    await createEffects(journal, id).once('x', () => 1)
    await inbox.commit(lane, turn.turnId, { deliveries: [], writes: calls.writes() })
  }
  expect(await redis.hkeys(keys.ofLane(lane, 'journal'))).toEqual([])
})

test('K a stream of the package readable-stream is held', async () => {
  const { createRequire } = await import('node:module')
  const { PassThrough } = createRequire('/work/main/node_modules/.pnpm/readable-stream@3.6.2/node_modules/readable-stream/package.json')('readable-stream')
  const source = new PassThrough(); source.end('bytes')
  const payload = { photo: { source } }
  await holdFiles(payload)
  expect(Buffer.isBuffer(payload.photo.source)).toBe(true)
})
