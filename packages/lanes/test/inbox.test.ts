import { openTestRedis, until } from '@chatlane/test-kit'
import { expect, test } from 'vitest'
import { createInbox, type Item, type TurnRules } from '../src/inbox.ts'
import { createKeys, type LaneName } from '../src/names.ts'

const LANE: LaneName = { botId: '1', homeId: '7', place: '' }
const OPEN = { open: true, countAs: 'n' }

function openInbox(rules: TurnRules = { quietMs: 0, maxTries: 3 }) {
  const { redis, prefix } = openTestRedis()
  const keys = createKeys({ prefix, shards: 1 })
  const inbox = createInbox({ redis, keys, rules })
  const item = (id: string, more: Partial<Item> = {}): Item => ({
    id,
    mergeKey: '',
    album: '',
    payload: `p${id}`,
    ...more,
  })
  const append = (id: string, more?: Partial<Item>) => inbox.append(LANE, item(id, more), OPEN)
  const takeTurn = async (turnId: string) => {
    const taken = await inbox.take(LANE, turnId)
    if (taken.kind !== 'turn') throw new Error(`no turn but ${taken.kind}`)
    return taken
  }
  const delivery = (id: string) => ({ id, class: 1 as const, place: '', payload: `d${id}` })
  return { redis, keys, inbox, item, append, takeTurn, delivery }
}
const ids = (taken: { items: { id: string }[] }) => taken.items.map((item) => item.id)
const NOTHING = { deliveries: [], writes: [] }

test('an item is taken in the order of its append, one turn each where nothing merges', async () => {
  const { inbox, append, takeTurn } = openInbox()
  await append('1')
  await append('2')
  expect(ids(await takeTurn('a'))).toEqual(['1'])
  expect(await inbox.commit(LANE, 'a', NOTHING)).toEqual({ kind: 'committed', more: true, outClass: '' })
  expect(ids(await takeTurn('b'))).toEqual(['2'])
  expect((await inbox.commit(LANE, 'b', NOTHING)).more).toBe(false)
  expect((await inbox.take(LANE, 'c')).kind).toBe('empty')
})

test('an id that was seen is dropped, also after its item is gone', async () => {
  const { inbox, append, takeTurn } = openInbox()
  expect(await append('1')).toBe('appended')
  expect(await append('1')).toBe('seen')
  await takeTurn('a')
  await inbox.commit(LANE, 'a', NOTHING)
  expect(await append('1')).toBe('seen')
})

test('a closed admission takes nothing new and still knows what was seen', async () => {
  const { inbox, append } = openInbox()
  await append('1')
  const closed = { open: false, countAs: 'n' }
  expect(await inbox.append(LANE, { id: '1', mergeKey: '', album: '', payload: '' }, closed)).toBe('seen')
  expect(await inbox.append(LANE, { id: '2', mergeKey: '', album: '', payload: '' }, closed)).toBe('closed')
})

test('a worker that was replaced commits nothing', async () => {
  const { redis, keys, inbox, append, takeTurn, delivery } = openInbox()
  await append('1')
  await takeTurn('paused')
  await takeTurn('successor')
  const stale = await inbox.commit(LANE, 'paused', {
    deliveries: [delivery('x')],
    writes: [{ command: 'set', key: keys.ofLane(LANE, 'ctx'), args: ['v'] }],
  })
  expect(stale.kind).toBe('stale')
  expect(await redis.exists(keys.ofChat(LANE, 'out'), keys.ofLane(LANE, 'ctx'))).toBe(0)
  expect((await inbox.commit(LANE, 'successor', NOTHING)).kind).toBe('committed')
})

test('a commit that is sent again is told so and pushes nothing twice', async () => {
  const { redis, keys, inbox, append, takeTurn, delivery } = openInbox()
  await append('1')
  await takeTurn('a')
  await inbox.commit(LANE, 'a', { deliveries: [delivery('x')], writes: [] })
  expect(await inbox.commit(LANE, 'a', { deliveries: [delivery('x')], writes: [] })).toEqual({
    kind: 'already',
    more: false,
    outClass: '1',
  })
  expect(await redis.zcard(keys.ofChat(LANE, 'out'))).toBe(1)
})

test('writes are applied with the commit, and a guard of another generation skips them', async () => {
  const { redis, keys, inbox, append, takeTurn } = openInbox()
  const key = keys.ofLane(LANE, 'ctx')
  await redis.hset(key, 'generation', '2')
  await append('1')
  await takeTurn('a')
  await inbox.commit(LANE, 'a', {
    deliveries: [],
    writes: [
      { command: 'guard', key, args: ['generation', '1', 1] },
      { command: 'hset', key, args: ['data', 'old'] },
      { command: 'guard', key, args: ['generation', '2', 1] },
      { command: 'hset', key, args: ['kept', Buffer.from([0, 255])] },
      { command: 'expire', key, args: [100] },
    ],
  })
  expect(await redis.hget(key, 'data')).toBeNull()
  expect(await redis.hgetBuffer(key, 'kept')).toEqual(Buffer.from([0, 255]))
  expect(await redis.ttl(key)).toBeGreaterThan(0)
})

test('messages of one sender within the quiet window are one turn, once the window has passed', async () => {
  const { inbox, append } = openInbox({ quietMs: 50, maxTries: 3 })
  for (const id of ['1', '2', '3']) await append(id, { mergeKey: 'u' })
  const first = await inbox.take(LANE, 'a')
  expect(first).toMatchObject({ kind: 'wait', why: 'quiet' })
  const taken = await until(async () => {
    const next = await inbox.take(LANE, 'b')
    return next.kind === 'turn' ? next : undefined
  })
  expect(ids(taken)).toEqual(['1', '2', '3'])
})

test('a command ends the quiet window at once', async () => {
  const { append, takeTurn } = openInbox({ quietMs: 60_000, maxTries: 3 })
  await append('1', { mergeKey: 'u' })
  await append('2', { mergeKey: 'u' })
  await append('3')
  expect(ids(await takeTurn('a'))).toEqual(['1', '2'])
})

test('another sender ends the quiet window at once', async () => {
  const { append, takeTurn } = openInbox({ quietMs: 60_000, maxTries: 3 })
  await append('1', { mergeKey: 'u' })
  await append('2', { mergeKey: 'v' })
  expect(ids(await takeTurn('a'))).toEqual(['1'])
})

test('twenty items are a full turn', async () => {
  const { append, takeTurn } = openInbox({ quietMs: 60_000, maxTries: 3 })
  for (let id = 1; id <= 21; id++) await append(String(id), { mergeKey: 'u' })
  expect(ids(await takeTurn('a'))).toHaveLength(20)
})

test('64 KB are a full turn', async () => {
  const { append, takeTurn } = openInbox({ quietMs: 60_000, maxTries: 3 })
  for (let id = 1; id <= 3; id++) await append(String(id), { mergeKey: 'u', payload: 'x'.repeat(30_000) })
  expect(ids(await takeTurn('a'))).toEqual(['1', '2'])
})

test('an album is one turn also where nothing else merges', async () => {
  const { append, takeTurn } = openInbox({ quietMs: 0, maxTries: 3 })
  await append('1', { mergeKey: 'u', album: 'g' })
  await append('2', { mergeKey: 'u', album: 'g' })
  await append('3', { mergeKey: 'u' })
  expect(ids(await takeTurn('a'))).toEqual(['1', '2'])
})

test('a head over which too many workers died is spent, and its tries start anew with the next', async () => {
  const { inbox, append, takeTurn } = openInbox({ quietMs: 0, maxTries: 1, maxDeaths: 2 })
  await append('1')
  await append('2')
  expect(await takeTurn('a')).toMatchObject({ tries: 1, spent: false })
  expect(await takeTurn('b')).toMatchObject({ tries: 2, spent: false })
  expect(await takeTurn('c')).toMatchObject({ tries: 3, spent: true })
  await inbox.commit(LANE, 'c', NOTHING)
  expect(await takeTurn('d')).toMatchObject({ tries: 1, spent: false })
})

test('a head that failed too often is spent, however few workers died', async () => {
  const { inbox, append, takeTurn } = openInbox({ quietMs: 0, maxTries: 2, maxDeaths: 9 })
  await append('1')
  await takeTurn('died')
  for (const turnId of ['a', 'b']) {
    expect(await takeTurn(turnId)).toMatchObject({ spent: false })
    await inbox.handBack(LANE, turnId, { pauseMs: 0, counts: true })
  }
  expect(await takeTurn('c')).toMatchObject({ tries: 4, spent: true })
  await inbox.commit(LANE, 'c', NOTHING)
  await append('2')
  expect(await takeTurn('d')).toMatchObject({ tries: 1, spent: false })
})

test('a turn handed back waits its pause, and counts only where it failed', async () => {
  const { inbox, append, takeTurn } = openInbox()
  await append('1')
  await takeTurn('a')
  expect(await inbox.handBack(LANE, 'a', { pauseMs: 60_000, counts: true })).toBe(true)
  expect(await inbox.take(LANE, 'b')).toMatchObject({ kind: 'wait', why: 'retry' })
  expect(await inbox.handBack(LANE, 'a', { pauseMs: 0, counts: true })).toBe(false)
})

test('a turn handed back by stopping processes is known to have run before, and not given up for it', async () => {
  const { inbox, append, takeTurn } = openInbox()
  await append('1')
  for (let n = 1; n <= 20; n++) {
    expect(await takeTurn(`t${n}`)).toMatchObject({ tries: n, spent: false })
    await inbox.handBack(LANE, `t${n}`, { pauseMs: 0, counts: false })
  }
})

test('a chat with too many undelivered replies is not answered further', async () => {
  const { redis, keys, inbox, append } = openInbox()
  for (let i = 0; i < 21; i++) await redis.zadd(keys.ofChat(LANE, 'out'), i, `d${i}`)
  await append('1')
  expect(await inbox.take(LANE, 'a')).toMatchObject({ kind: 'wait', why: 'undelivered' })
})

test('scripts survive a flushed script cache', async () => {
  const { redis, append, takeTurn } = openInbox()
  await append('1')
  await redis.script('FLUSH')
  expect(await append('2')).toBe('behind')
  expect(ids(await takeTurn('a'))).toEqual(['1'])
})

test('a take that is sent again after a lost answer is no further try', async () => {
  const { append, takeTurn } = openInbox()
  await append('1')
  expect(await takeTurn('a')).toMatchObject({ tries: 1 })
  expect(await takeTurn('a')).toMatchObject({ tries: 1 })
  expect(await takeTurn('b')).toMatchObject({ tries: 2 })
})

test('items without an id have tries of their own', async () => {
  const { redis, keys, inbox, takeTurn } = openInbox()
  await redis.rpush(keys.ofLane(LANE, 'in'), '5||||x', '5||||y')
  await takeTurn('a')
  await takeTurn('b')
  await inbox.commit(LANE, 'b', NOTHING)
  expect(await takeTurn('c')).toMatchObject({ tries: 1 })
})

test('a commit with a write that is not known changes nothing', async () => {
  const { redis, keys, inbox, append, takeTurn, delivery } = openInbox()
  const key = keys.ofLane(LANE, 'ctx')
  await append('1')
  await takeTurn('a')
  const end = {
    deliveries: [delivery('x')],
    writes: [
      { command: 'set' as const, key, args: ['v'] },
      { command: 'flushall' as never, key, args: [] },
    ],
  }
  await expect(inbox.commit(LANE, 'a', end)).rejects.toThrow('not known')
  expect(await redis.exists(key, keys.ofChat(LANE, 'out'))).toBe(0)
  expect((await inbox.commit(LANE, 'a', NOTHING)).kind).toBe('committed')
})

test('a lane over its bound sheds until half of what waited is answered, and its turns say so until one has told it', async () => {
  const { inbox, item, takeTurn } = openInbox()
  const bounds = { mostItems: 4, mostBytes: 10_000 }
  const append = (id: string) => inbox.append(LANE, item(id), { ...OPEN, bounds })
  for (const id of ['1', '2', '3', '4']) await append(id)
  expect(await append('5')).toBe('shed')
  expect(await append('5')).toBe('seen')
  expect(await inbox.append(LANE, item('paid'), OPEN)).toBe('behind')
  expect((await takeTurn('a')).isShedding).toBe(true)
  await inbox.commit(LANE, 'a', NOTHING)
  expect(await append('6')).toBe('shed')
  expect((await takeTurn('b')).isShedding).toBe(true)
  await inbox.commit(LANE, 'b', { ...NOTHING, tellsOfShedding: true })
  expect((await takeTurn('c')).isShedding).toBe(false)
  expect(await append('7')).toBe('shed')
  await inbox.commit(LANE, 'c', NOTHING)
  expect(await append('8')).toBe('behind')
  await append('9')
  expect(await append('10')).toBe('shed')
  expect(ids(await takeTurn('d'))).toEqual(['4'])
  expect((await takeTurn('d')).isShedding).toBe(true)
})

test('a lane is bounded by bytes, too, and takes one item of any size', async () => {
  const { inbox, item, takeTurn } = openInbox()
  const bounds = { mostItems: 100, mostBytes: 1000 }
  const append = (id: string, bytes: number) =>
    inbox.append(LANE, item(id, { payload: 'x'.repeat(bytes) }), { ...OPEN, bounds })
  expect(await append('1', 5000)).toBe('appended')
  expect(await append('2', 1)).toBe('shed')
  await takeTurn('a')
  await inbox.commit(LANE, 'a', NOTHING)
  expect(await append('3', 500)).toBe('appended')
  expect(await append('4', 300)).toBe('behind')
  expect(await append('5', 500)).toBe('shed')
})
