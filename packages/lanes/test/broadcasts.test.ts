import { latch, until } from '@chatlane/test-kit'
import { expect, test } from 'vitest'
import { createHomes } from '../src/homes.ts'
import { idsFrom, openBroadcasts } from './open-broadcasts.ts'
import { BOT } from './open-lanes.ts'

const byNumber = (ids: readonly string[]) => ids.map(Number).sort((one, other) => one - other)

test('everyone on a list gets it once, however often and under which of its ids a chat is named', async () => {
  const bot = openBroadcasts()
  const homes = createHomes(bot)
  await homes.noteMigration(BOT, { from: '-7', to: '-1007' })
  const pump = bot.playPump()
  bot.startConductor()
  const { id, total } = await bot.create(['5', '-7', '3', '5', '-1007', '4503599627370495'])
  expect(total).toBe(4)
  expect(await bot.ended(id)).toMatchObject({ state: 'done', sent: 4, unknown: 0, total: 4 })
  expect(byNumber(pump.chats())).toEqual([-7, 3, 5, 4503599627370495])
  expect(new Set(pump.calls.map((call) => call.payload))).toEqual(new Set(['news']))
})

test('a list that names something else is refused whole', async () => {
  const bot = openBroadcasts()
  for (const wrong of ['', '0', '1.5', '@name', '99999999999999999'])
    await expect(bot.create(['1', wrong])).rejects.toMatchObject({ code: 'CHAT_ID' })
  expect(await bot.broadcasts.list(BOT)).toEqual([])
})

test('a list of nobody is done at once', async () => {
  const bot = openBroadcasts()
  bot.startConductor()
  expect(await bot.ended((await bot.create([])).id)).toMatchObject({ state: 'done', total: 0 })
})

test('a broadcast to all reaches the whole audience, and who joins ahead of it meanwhile', async () => {
  const bot = openBroadcasts()
  const ids = idsFrom(1000, 3000)
  await Promise.all(ids.map((chat) => bot.audience.join(BOT, chat)))
  const half = latch()
  const mayGoOn = latch()
  const pump = bot.playPump(async (_call, nth) => {
    if (nth === 500) half.open()
    if (nth >= 500) await mayGoOn.opened
    return { kind: 'sent' }
  })
  bot.startConductor()
  const { id, total } = await bot.create('all')
  expect(total).toBe(3000)
  await half.opened
  await bot.audience.join(BOT, '999999')
  mayGoOn.open()
  expect(await bot.ended(id)).toMatchObject({ sent: 3001, total: 3001 })
  expect(byNumber(pump.chats())).toEqual(byNumber([...ids, '999999']))
})

test("a chat's own deliveries go before the broadcast", async () => {
  const bot = openBroadcasts()
  for (const id of ['a', 'b']) await bot.post('7', { id })
  const { id } = await bot.create(['6', '7', '8'])
  bot.startConductor()
  await until(async () => (await bot.redis.hlen(`${bot.base}:open`)) === 3)
  const pump = bot.playPump()
  await bot.ended(id)
  expect(pump.calls.filter((call) => call.chat === '7').map((call) => call.payload)).toEqual([
    'a',
    'b',
    'news',
  ])
  expect(pump.chats().slice(0, 1)).toEqual(['7'])
})

test('a reply overtakes everyone who waits for the broadcast', async () => {
  const bot = openBroadcasts({
    limits: { botPerSecond: 50, chatPerSecond: 1, chatBurst: 3, groupPerMinute: 20 },
  })
  bot.startConductor()
  const { id } = await bot.create(idsFrom(1, 60))
  await until(async () => (await bot.redis.zcard(`${bot.base}:ready:4`)) === 60)
  let nth = 0
  const pump = bot.playPump(async () => {
    if (++nth === 10) await bot.post('60', { id: 'reply' })
    return { kind: 'sent' }
  })
  await bot.ended(id)
  const at = pump.calls.findIndex((call) => call.payload === 'reply')
  expect(at).toBeGreaterThan(0)
  expect(at).toBeLessThan(20)
  expect(pump.calls.filter((call) => call.chat === '60').map((call) => call.payload)).toEqual([
    'reply',
    'news',
  ])
})

test('who blocked the bot is skipped until he is back', async () => {
  const bot = openBroadcasts()
  for (const chat of ['1', '2', '3']) await bot.audience.join(BOT, chat)
  const pump = bot.playPump(({ chat }) => ({ kind: chat === '2' ? 'blocked' : 'sent' }))
  bot.startConductor()
  const { id } = await bot.create('all')
  expect(await bot.ended(id)).toMatchObject({ sent: 2, blocked: 1, skipped: 0 })
  await bot.audience.leave(BOT, '2', 'blocked')
  expect(await bot.audience.isBlocked(BOT, '2')).toBe(true)
  expect((await bot.create('all')).total).toBe(2)
  const listed = await bot.create(['1', '2'])
  expect(await bot.ended(listed.id)).toMatchObject({ sent: 1, blocked: 0, skipped: 1 })
  await bot.audience.join(BOT, '2')
  expect(await bot.audience.isBlocked(BOT, '2')).toBe(false)
  const back = await bot.create(['1', '2'])
  expect(await bot.ended(back.id)).toMatchObject({ sent: 1, blocked: 1, skipped: 0 })
  expect(pump.chats().filter((chat) => chat === '2')).toHaveLength(2)
})

test('of senders that die nobody gets it twice, and unknown are exactly those whose call was under way', async () => {
  const bot = openBroadcasts({ intentMs: 100 })
  const ids = idsFrom(1, 2000)
  bot.startConductor()
  const { id } = await bot.create(ids)
  const lost: string[] = []
  const calls: string[] = []
  for (const dieAt of [300, 200]) {
    const dead = latch()
    const pump = bot.playPump(async (_call, nth) => {
      // The last calls before its death hear no answer.
      if (nth > dieAt - 20) await dead.opened
      return { kind: 'sent' }
    })
    await until(() => pump.calls.length >= dieAt)
    await pump.vanish()
    lost.push(...pump.inFlight)
    dead.open()
    calls.push(...pump.chats())
  }
  const last = bot.playPump()
  const ended = await bot.ended(id)
  calls.push(...last.chats())
  expect(new Set(calls).size).toBe(calls.length)
  expect(byNumber(calls)).toEqual(byNumber(ids))
  expect(byNumber(await bot.unknownsOf(id))).toEqual(byNumber(lost))
  expect(ended).toMatchObject({ unknown: lost.length, sent: 2000 - lost.length, blocked: 0, failed: 0 })
})

test('the unknown ones are sent to anyway when an operator says so, once', async () => {
  const bot = openBroadcasts()
  bot.startConductor()
  const pump = bot.playPump(({ chat, payload }) => ({
    kind: payload === 'news' && ['2', '4'].includes(chat) && pump.calls.length <= 5 ? 'unknown' : 'sent',
  }))
  const { id } = await bot.create(['1', '2', '3', '4', '5'])
  await bot.ended(id)
  expect(await bot.broadcasts.resendUnknown(id)).toMatchObject({ kind: 'early' })
  await bot.redis.hset(`${bot.base}:bc:${id}:unknown`, '2', '1|x', '4', '1|y')
  const resent = await bot.broadcasts.resendUnknown(id)
  if (resent.kind !== 'created') throw new Error(`resending came to ${resent.kind}`)
  expect(resent.broadcast).toMatchObject({ total: 2 })
  expect(await bot.ended(resent.broadcast.id)).toMatchObject({ sent: 2 })
  expect(byNumber(pump.chats())).toEqual([1, 2, 2, 3, 4, 4, 5])
  expect(await bot.broadcasts.resendUnknown(id)).toEqual({ kind: 'resent', as: resent.broadcast.id })
  expect(await bot.broadcasts.resendUnknown(resent.broadcast.id)).toEqual({ kind: 'nobody' })
  expect(await bot.broadcasts.resendUnknown('1-99')).toEqual({ kind: 'nobody' })
})

test('an answer that comes after its sender was taken for dead corrects the count, once', async () => {
  const bot = openBroadcasts()
  bot.startConductor()
  const { id } = await bot.create(['1'])
  const chat = { botId: BOT, homeId: '1' }
  await until(async () => (await bot.recipients.attempt(chat, 'old.1.1')).kind === 'send')
  expect(await bot.recipients.handOver(chat, 'old.1.1')).toBe(true)
  expect(await bot.recipients.attempt(chat, 'new.1.1')).toEqual({ kind: 'unknown', broadcastId: id })
  expect(await bot.recipients.attempt(chat, 'new.1.2')).toEqual({ kind: 'none' })
  expect(await bot.status(id)).toMatchObject({ unknown: 1, sent: 0 })
  const note = (token: string) =>
    bot.recipients.note(chat, { broadcastId: id, token, result: { kind: 'sent' } })
  expect(await note('new.1.1')).toBe(false)
  expect(await note('old.1.1')).toBe(true)
  expect(await note('old.1.1')).toBe(false)
  expect(await bot.status(id)).toMatchObject({ unknown: 0, sent: 1 })
  expect(await bot.unknownsOf(id)).toEqual([])
})

test('a call that is about to be made is taken over only when it can be made no more', async () => {
  const bot = openBroadcasts({ intentMs: 150 })
  bot.startConductor()
  await bot.create(['1'])
  const chat = { botId: BOT, homeId: '1' }
  const attempt = (token: string) => bot.recipients.attempt(chat, token)
  await until(async () => (await attempt('old.1.1')).kind === 'send')
  expect((await attempt('old.1.1')).kind).toBe('send')
  expect(await attempt('new.1.1')).toMatchObject({ kind: 'held' })
  await until(async () => (await attempt('new.1.1')).kind === 'send')
  expect(await bot.recipients.handOver(chat, 'old.1.1')).toBe(false)
})

test('who could not be called is called again, and a message that needs another form changes for all', async () => {
  const bot = openBroadcasts()
  bot.startConductor()
  const payloads: string[] = []
  bot.playPump(({ payload }, nth) => {
    payloads.push(payload)
    if (nth <= 2) return { kind: 'again' }
    return payload === 'news' ? { kind: 'replace', payload: 'plain' } : { kind: 'sent' }
  })
  const { id } = await bot.create(['1'])
  expect(await bot.ended(id)).toMatchObject({ sent: 1, failed: 0 })
  expect(payloads).toEqual(['news', 'news', 'news', 'plain'])
})

test('a stopped broadcast calls nobody else, and goes on where it was', async () => {
  const bot = openBroadcasts()
  const ids = idsFrom(1, 1500)
  bot.startConductor()
  const pump = bot.playPump()
  const { id } = await bot.create(ids)
  await until(() => pump.calls.length >= 200)
  expect((await bot.broadcasts.stop(id))?.state).toMatch(/^stop/)
  const stopped = await bot.ended(id)
  expect(stopped).toMatchObject({ state: 'stopped', sent: pump.calls.length })
  expect(await bot.redis.hlen(`${bot.base}:open`)).toBe(0)
  expect(await bot.redis.zcard(`${bot.base}:ready:4`)).toBe(0)
  const next = await bot.create(['1'])
  await bot.ended(next.id)
  expect(await bot.broadcasts.resume(id)).toMatchObject({ state: 'running' })
  await until(async () => (await bot.status(id)).state === 'done')
  expect(byNumber(pump.chats())).toEqual(byNumber(['1', ...ids]))
  expect(await bot.broadcasts.resume(id)).toMatchObject({ state: 'done' })
  expect(await bot.broadcasts.stop('1-99')).toBeUndefined()
  expect(await bot.broadcasts.resume('nonsense')).toBeUndefined()
})

test('the broadcasts of a bot take turns, and only a paid one is called as one', async () => {
  const bot = openBroadcasts()
  bot.startConductor()
  const paid = await bot.create(idsFrom(1, 50), 'paid', 1000)
  const free = await bot.create(idsFrom(1, 50), 'free')
  expect([paid.state, free.state]).toEqual(['running', 'waiting'])
  expect(await bot.redis.get(`${bot.base}:paid`)).toBe('1000')
  const pump = bot.playPump()
  await bot.ended(free.id)
  expect(await bot.redis.exists(`${bot.base}:paid`)).toBe(0)
  const payloads = pump.calls.map((call) => call.payload)
  expect(payloads).toEqual([...Array(50).fill('paid'), ...Array(50).fill('free')])
  expect(pump.calls.every((call) => call.isPaid === (call.payload === 'paid'))).toBe(true)
  expect((await bot.broadcasts.list(BOT)).map((each) => each.id)).toEqual([free.id, paid.id])
})

test('200,000 chats on a list take less than 50 bytes each, and as the audience of a bot less than 12', async () => {
  const bot = openBroadcasts()
  // As spread as real ids are, and as long.
  const ids = Array.from({ length: 200_000 }, (_, n) =>
    String(1_000_000_000 + ((n * 7_368_787) % 7_000_000_000)),
  )
  const bytesOf = async (pattern: string) => {
    let bytes = 0
    for await (const found of bot.redis.scanStream({ match: pattern, count: 1000 })) {
      const sizes = await Promise.all(
        (found as string[]).map((key) => bot.redis.memory('USAGE', key, 'SAMPLES', 0)),
      )
      bytes += sizes.reduce<number>((sum, size) => sum + Number(size), 0)
    }
    return bytes
  }
  const { id, total } = await bot.create(ids)
  expect(total).toBe(200_000)
  const perListed = (await bytesOf(`${bot.base}:bc:${id}*`)) / total
  for (let from = 0; from < ids.length; from += 2000)
    await Promise.all(ids.slice(from, from + 2000).map((chat) => bot.audience.join(BOT, chat)))
  expect(await bot.audience.size(BOT)).toBe(200_000)
  const perJoined = (await bytesOf(`${bot.base}:aud:*`)) / total
  process.stderr.write(
    `bytes per chat: ${perListed.toFixed(1)} on a list, ${perJoined.toFixed(1)} in the audience\n`,
  )
  expect(perListed).toBeLessThan(50)
  expect(perJoined).toBeLessThan(12)
})
