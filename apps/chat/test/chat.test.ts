import { loadMemory, memoryWrites, NO_MEMORY, settingsKeysOf } from '@chatlane/chats'
import { createAudience, createHomes } from '@chatlane/lanes'
import { until } from '@chatlane/test-kit'
import { expect, test } from 'vitest'
import { openCommand, TOKEN } from './open-command.ts'

const MEMORY = {
  state: 'waiting-for-input' as const,
  settings: { language: 'ru' as const, streaming: 'off' as const, systemPrompt: 'my secret prompt' },
  context: { generation: 0, messages: [{ role: 'user' as const, content: 'my old secret' }] },
}

/** A group that became a supergroup: a turn under way, updates behind it, a topic, a reply, a dead letter. */
async function openBusyGroup() {
  const command = openCommand()
  const { redis, keys, inbox, outbox, laneOf, say, park } = command
  const home = laneOf('-5')
  await createHomes({ redis, keys }).noteMigration('7', { from: '-5', to: '-100123' })
  const remember = memoryWrites({
    key: keys.ofLane(home, 'chat'),
    settingsKeys: settingsKeysOf(keys, home),
    before: NO_MEMORY,
    after: MEMORY,
    ttlSeconds: 1000,
  })
  await say(home, 1, 'first')
  await inbox.take(home, 'a')
  await inbox.commit(home, 'a', { deliveries: [], writes: remember })
  for (const [id, text] of ['my secret question', 'my next secret'].entries()) await say(home, 2 + id, text)
  await say(laneOf('-5', 't9'), 4, 'my secret topic')
  await inbox.take(home, 'b')
  const payload = JSON.stringify({ method: 'sendMessage', chatId: 0, text: 'my secret reply', entities: [] })
  await outbox.post(home, { id: 'd1', class: 1, place: '', payload })
  await outbox.attempt(home, 'token')
  await outbox.handOver(home, 'token', { repeatable: false })
  await redis.set(`${keys.bot('7')}:frozen:-5`, '1', 'PX', 60_000)
  await redis.hset(keys.ofChat(home, 'sess:77'), 'v', '1', 'd', '{"s":"my secret session"}')
  await createAudience({ redis, keys }).leave('7', '-5', 'blocked')
  await park('-5', '40', 'my secret letter')
  await park('-55', '41', 'another chat')
  return { ...command, home }
}

test('show tells what waits, what is under way and what is remembered, without what was written', async () => {
  const { run } = await openBusyGroup()
  const { code, out, err } = await run('-100123', 'show')
  expect([code, err]).toEqual([0, ''])
  for (const line of [
    /^chat -5 of bot 7, now -100123$/m,
    /^ {2}paused +no$/m,
    /^ {2}blocked the bot +yes$/m,
    /^ {2}held back +for \d+ s, since Telegram answered 429$/m,
    /^lane \(the chat itself\)\n {2}waiting updates +1, the oldest for [\d.]+ s$/m,
    /^ {2}turn +for [\d.]+ s, of 1 update, try 1$/m,
    /^ {2}remembered +1 message, generation 0, waiting-for-input, language ru, systemPrompt \(not shown\), streaming off$/m,
    /^lane t9\n {2}waiting updates +1, /m,
    /^ {2}remembered +0 messages, generation 0, new, streaming of the whole chat off, systemPrompt .* \(not shown\)$/m,
    /^ {2}undelivered +1 reply, the oldest for [\d.]+ s$/m,
    /^ {2}call under way +d1, handed over, taken up anew in \d+ s at the earliest$/m,
    /^ {2}sessions +1$/m,
    /^dead letters\n {2}update 40, 20.* UTC: given up$/m,
  ])
    expect(out).toMatch(line)
  expect(out).not.toMatch(/secret|41/)
  expect((await run('-5', 'show')).out.split('\n')[0]).toBe('chat -5 of bot 7, now -100123')
})

test('show tells what was written where that is asked for', async () => {
  const { run } = await openBusyGroup()
  const { out } = await run('-5', 'show', '--texts')
  for (const text of [
    '    2: my secret question',
    '    3: my next secret',
    '    user: my old secret',
    '    4: my secret topic',
    '    d1: my secret reply',
    '    40: my secret letter',
  ])
    expect(out.split('\n')).toContain(text)
  expect(out).toContain(', systemPrompt my secret prompt')
})

test('show as JSON is the same, for a program', async () => {
  const { run } = await openBusyGroup()
  const { out } = await run('-5', 'show', '--json')
  expect(out).not.toContain('secret')
  const shown = JSON.parse(out)
  expect(shown).toMatchObject({
    ...{
      botId: '7',
      homeId: '-5',
      address: '-100123',
      pausedSinceMs: null,
      hasBlockedBot: true,
      sessions: 1,
    },
    lanes: [
      { place: '', waiting: 1, turn: { tries: 1, fails: 0, updates: 1 }, memory: { messages: 1 } },
      { place: 't9', waiting: 1, turn: null, memory: { state: 'new' } },
    ],
    deliveries: [{ class: 'reply', count: 1 }],
    attempt: { deliveryId: 'd1', isHandedOver: true },
    deadLetters: [{ kind: 'update', id: '40', reason: 'given up', isKept: true }],
  })
  expect(JSON.parse((await run('-5', 'show', '--json', '--texts')).out)).toMatchObject({
    lanes: [{ texts: [{ id: '3', text: 'my next secret' }], memory: { texts: MEMORY.context.messages } }, {}],
    deadLetters: [{ text: 'my secret letter' }],
  })
})

test('of a chat that is not known there is nothing to show', async () => {
  const { out } = await openCommand().run('99', 'show')
  expect(out).toMatch(/^chat 99 of bot 7\n/)
  expect(out).toMatch(/^ {2}updates +nothing is stored$/m)
  expect(out).toMatch(/^ {2}dead letters +none$/m)
})

test('a turn that failed and a letter whose contents are gone are told', async () => {
  const { run, redis, keys, inbox, laneOf, say, park } = openCommand()
  await say(laneOf('12'), 1, 'hi')
  await inbox.take(laneOf('12'), 'a')
  await inbox.handBack(laneOf('12'), 'a', { pauseMs: 60_000, counts: true })
  await park('12', '40', 'hi')
  await redis.del(keys.ofChat(laneOf('12'), 'dead:update:40'))
  await redis.set(`${keys.bot('7')}:pause`, '1', 'PX', 60_000)
  const waiting = (await run('12', 'show', '--texts')).out
  expect(waiting).toMatch(/^ {2}turn +tried again in 5\d s$/m)
  expect(waiting).toMatch(/^ {2}held back +with the whole bot for \d+ s$/m)
  expect(waiting).toMatch(/: given up \(its contents are gone\)$/m)
  await redis.hset(keys.ofLane(laneOf('12'), 'turn'), 'notBefore', 0)
  await inbox.take(laneOf('12'), 'b')
  expect((await run('12', 'show')).out).toMatch(/^ {2}turn +for .*, try 2 \(1 failed\)$/m)
})

test('forget erases what is kept of the chat, and a turn under way brings nothing back', async () => {
  const { run, redis, keys, inbox, say, home, laneOf } = await openBusyGroup()
  await say(laneOf('-55'), 9, 'another chat')
  const before = await loadMemory(redis, keys.ofLane(home, 'chat'))
  const { code, out, err } = await run('-100123', 'forget', '--yes')
  expect([code, err, out]).toEqual([
    ...[0, ''],
    'chat -100123 of bot 7 is forgotten: 3 updates, 1 delivery, 1 dead letter and all that was remembered\n',
  ])
  const late = { ...before, context: { ...before.context, messages: MEMORY.context.messages } }
  const writes = memoryWrites({ key: keys.ofLane(home, 'chat'), before, after: late, ttlSeconds: 1000 })
  expect((await inbox.commit(home, 'b', { deliveries: [], writes })).kind).toBe('stale')
  expect(await loadMemory(redis, keys.ofLane(home, 'chat'), settingsKeysOf(keys, home))).toEqual({
    ...NO_MEMORY,
    context: { generation: 1, messages: [] },
  })
  expect(await say(home, 3, 'my next secret')).toBe('seen')
  const shown = JSON.parse((await run('-5', 'show', '--json')).out)
  expect(shown).toMatchObject({
    hasBlockedBot: true,
    deliveries: [],
    attempt: null,
    sessions: 0,
    deadLetters: [],
  })
  for (const lane of shown.lanes) expect(lane).toMatchObject({ waiting: 0, turn: null })
  expect(JSON.parse((await run('-55', 'show', '--json')).out)).toMatchObject({
    lanes: [{ waiting: 1 }],
    deadLetters: [{ id: '41' }],
  })
})

test('forget asks, and erases nothing where nobody can answer', async () => {
  const { run, redis, keys, home } = await openBusyGroup()
  const { code, out, err } = await run('-5', 'forget')
  expect([code, out, err]).toEqual([
    ...[1, ''],
    "Erase everything about chat -5 of bot 7? This can't be undone. Nobody is here to be asked: add --yes\n",
  ])
  expect((await loadMemory(redis, keys.ofLane(home, 'chat'))).context.messages).toHaveLength(1)
})

test('a paused chat begins no turn until it is resumed', async () => {
  const { run, inbox, laneOf, say } = openCommand()
  const lane = laneOf('12', 't3')
  expect(await run('12', 'pause')).toMatchObject({
    ...{ code: 0, out: 'chat 12 of bot 7 is paused: pnpm chat 12 resume lets it go on\n' },
  })
  await say(lane, 1, 'hi')
  expect(await inbox.take(lane, 'a')).toMatchObject({ kind: 'wait', why: 'paused' })
  expect((await run('12', 'show')).out).toMatch(/^ {2}paused +since 20.* UTC: no turn begins$/m)
  expect(await run('12', 'pause')).toMatchObject({ code: 1, err: 'chat 12 of bot 7 is paused already\n' })
  expect(await run('12', 'resume')).toMatchObject({ code: 0, out: 'chat 12 of bot 7 goes on\n' })
  expect((await inbox.take(lane, 'a')).kind).toBe('turn')
  expect(await run('12', 'resume')).toMatchObject({ code: 1, err: 'chat 12 of bot 7 is not paused\n' })
})

test('replay retries the dead letters of the chat and says how many', async () => {
  const { run, park, replayed } = openCommand()
  await park('12', '40', 'one')
  await park('12', '41', 'two')
  await park('123', '42', 'another chat')
  const { code, out } = await run('12', 'replay')
  expect([code, out]).toEqual([0, '2 dead letters of chat 12 of bot 7 retried\n'])
  await until(() => replayed.length === 2)
  expect(replayed.sort()).toEqual(['40', '41'])
  expect((await run('12', 'replay')).out).toBe('0 dead letters of chat 12 of bot 7 retried\n')
})

test('with several bots one must be named, without any too', async () => {
  const { runWith } = openCommand()
  const several = { TELEGRAM_BOT_TOKENS: `${TOKEN},8:BBBBBBBBBBBBBBBBBBBB` }
  expect(await runWith(several, '12', 'show')).toMatchObject({ code: 1, err: '--bot must say which: 7, 8\n' })
  expect((await runWith(several, '12', 'show', '--bot', '8')).out).toMatch(/^chat 12 of bot 8\n/)
  const none = { TELEGRAM_BOT_TOKEN: '' }
  expect(await runWith(none, '12', 'show')).toMatchObject({
    ...{ code: 1, err: '--bot must say which, since no token is set\n' },
  })
  expect((await runWith(none, '12', 'show', '--bot', '9')).out).toMatch(/^chat 12 of bot 9\n/)
})

test('settings that are missing are a line each, no token is in one, and help needs none', async () => {
  const { runWith } = openCommand()
  const { code, err } = await runWith({ REDIS_URL: '', TELEGRAM_BOT_TOKEN: 'hush' }, '12', 'show')
  expect([code, err]).toEqual([1, expect.stringMatching(/^TELEGRAM_BOT_TOKEN: /)])
  expect(err).not.toContain('hush')
  expect((await runWith({ REDIS_URL: '' }, '12', 'show')).err).toBe(
    'REDIS_URL: found nothing, expected the address of Redis\n',
  )
  expect((await runWith({ REDIS_URL: '' })).out).toContain('pnpm chat <chat id> show')
  expect(await runWith({}, 'show', '12')).toMatchObject({
    ...{ code: 1, err: expect.stringContaining('is not the id of a chat') },
  })
})
