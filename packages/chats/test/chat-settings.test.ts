import { openTestRedis, openTestServer, type TestRedis, until } from '@chatlane/test-kit'
import { expect, test } from 'vitest'
import {
  type ChatMemory,
  choiceWrites,
  forgetWrites,
  loadMemory,
  memoryWrites,
  NO_MEMORY,
} from '../src/chat-memory.ts'
import { settingsKeysOf } from '../src/chat-settings.ts'
import type { ChatWrite } from '../src/chat-write.ts'
import { chooseNow } from '../src/choose-now.ts'

const TTL = 1000
const LANE = { botId: '1', homeId: '-5' }

/** A chat whose topics are turned and pressed by several workers: each has a connection of its own. */
function openChat(
  { redis, prefix, connect }: Pick<TestRedis, 'redis' | 'prefix' | 'connect'> = openTestRedis(),
) {
  const keys = {
    ofChat: ({ botId, homeId }: typeof LANE, name: string) => `${prefix}:{s0}:${name}:${botId}:${homeId}`,
    ofLane: ({ botId, homeId, place }: typeof LANE & { place: string }, name: string) =>
      `${prefix}:{s0}:${name}:${botId}:${homeId}:${place}`,
  }
  const of = (place: string) => ({
    key: keys.ofLane({ ...LANE, place }, 'chat'),
    settingsKeys: settingsKeysOf(keys, { ...LANE, place }),
  })
  const load = (place: string) => loadMemory(redis, of(place).key, of(place).settingsKeys)
  /** Applies writes as the commit of a turn does. */
  const commit = async (writes: readonly ChatWrite[]) => {
    let skip = 0
    for (const { command, key, args } of writes) {
      if (skip > 0) skip--
      else if (command === 'guard') {
        if (((await redis.hget(key, String(args[0]))) ?? '') !== String(args[1])) skip = Number(args[2])
      } else await redis.call(command, key, ...args)
    }
  }
  const turn = async (place: string, before: ChatMemory, after: ChatMemory) => {
    await commit(memoryWrites({ ...of(place), before, after, ttlSeconds: TTL }))
    return load(place)
  }
  const press = async (
    place: string,
    { id, before, after }: { id: string; before: ChatMemory; after: ChatMemory },
  ) => {
    const writes = choiceWrites({ ...of(place), before, after, ttlSeconds: TTL })
    await chooseNow(connect(), { appliedKey: keys.ofChat(LANE, 'chosen'), id, writes })
    return load(place)
  }
  return { redis, of, load, turn, press }
}

const withSettings = (memory: ChatMemory, settings: ChatMemory['settings']): ChatMemory => ({
  ...memory,
  settings: { ...memory.settings, ...settings },
})

test('what is chosen in a chat is kept, and what is taken back is gone', async () => {
  const { turn } = openChat()
  const chosen = withSettings(NO_MEMORY, {
    language: 'ru',
    model: 'acme/large',
    systemPrompt: 'Будь краток.\n"да"',
    streaming: 'off',
  })
  expect(await turn('', NO_MEMORY, chosen)).toEqual(chosen)
  const { model: _, ...settings } = chosen.settings
  expect(await turn('', chosen, { ...chosen, settings })).toEqual({ ...chosen, settings })
})

test('a topic has its own beside the whole chat’s; other places of the chat have neither', async () => {
  const { load, turn } = openChat()
  await turn('', NO_MEMORY, withSettings(NO_MEMORY, { model: 'acme/chat' }))
  const before = await load('t9')
  expect(before).toEqual({ ...NO_MEMORY, chatSettings: { model: 'acme/chat' } })
  await turn('t9', before, withSettings(before, { model: 'acme/topic', changes: 'chat' }))
  expect(await load('t9')).toMatchObject({
    settings: { model: 'acme/topic', changes: 'chat' },
    chatSettings: { model: 'acme/chat' },
  })
  expect((await load('t8')).settings).toEqual({})
  expect((await load('')).settings).toEqual({ model: 'acme/chat' })
  expect(await load('bconnection')).toEqual(NO_MEMORY)
  expect(await load('d77')).toEqual(NO_MEMORY)
})

test('a topic chooses for the whole chat', async () => {
  const { load, turn } = openChat()
  const before = await load('t9')
  await turn('t9', before, { ...before, chatSettings: { streaming: 'off' } })
  expect((await load('')).settings).toEqual({ streaming: 'off' })
  expect((await load('t8')).chatSettings).toEqual({ streaming: 'off' })
})

test('a turn that changes the language undoes no model that a press chose meanwhile', async () => {
  const { load, turn, press } = openChat()
  const before = await load('')
  await press('', { id: '50', before, after: withSettings(before, { model: 'acme/large' }) })
  const after = await turn('', before, withSettings(before, { language: 'ru' }))
  expect(after.settings).toEqual({ language: 'ru', model: 'acme/large' })
})

test('two presses on two workers and a turn at once lose nothing', async () => {
  const { load, turn, press } = openChat()
  const before = await load('t9')
  await Promise.all([
    press('t9', { id: '50', before, after: withSettings(before, { model: 'acme/large' }) }),
    press('t9', { id: '51', before, after: { ...before, chatSettings: { streaming: 'off' } } }),
    turn('t9', before, withSettings(before, { systemPrompt: 'Be brief.', language: 'en' })),
  ])
  expect(await load('t9')).toMatchObject({
    settings: { model: 'acme/large', systemPrompt: 'Be brief.', language: 'en' },
    chatSettings: { streaming: 'off' },
  })
})

test('a press that is run again does not undo what was chosen after it', async () => {
  const { load, press } = openChat()
  const before = await load('')
  const first = { id: '50', before, after: withSettings(before, { model: 'acme/one' }) }
  await press('', first)
  const now = await load('')
  await press('', { id: '51', before: now, after: withSettings(now, { model: 'acme/two' }) })
  expect((await press('', first)).settings).toEqual({ model: 'acme/two' })
})

test('a choice that is taken back stays where another was made meanwhile', async () => {
  const { load, turn, press } = openChat()
  const old = await turn('', NO_MEMORY, withSettings(NO_MEMORY, { model: 'acme/gone' }))
  await press('', { id: '50', before: old, after: withSettings(old, { model: 'acme/new' }) })
  await turn('', old, { ...old, settings: {} })
  expect((await load('')).settings).toEqual({ model: 'acme/new' })
})

test('a text that is awaited belongs to its place, and goes only where it is still the same', async () => {
  const { load, turn, press } = openChat()
  const awaited = { kind: 'system-prompt' as const, fromUserId: 7, untilSeconds: 700, askedBy: 40 }
  const before = await turn('', NO_MEMORY, { ...NO_MEMORY, awaited })
  expect(before.awaited).toEqual(awaited)
  expect((await load('t9')).awaited).toBeUndefined()
  await press('', { id: '50', before, after: { ...before, awaited: { ...awaited, askedBy: 50 } } })
  const { awaited: _, ...without } = before
  expect((await turn('', before, without)).awaited?.askedBy).toBe(50)
  const now = await load('')
  const { awaited: __, ...over } = now
  expect(await press('', { id: '51', before: now, after: over })).toEqual(NO_MEMORY)
})

test('settings that were kept in one field once are read, moved with the next turn, and give way to newer ones', async () => {
  const { redis, of, load, turn, press } = openChat()
  const { key } = of('')
  await redis.hset(key, 'state', 'waiting-for-input', 'settings', '{"language":"ru","streaming":"off"}')
  const before = await load('')
  expect(before.settings).toEqual({ language: 'ru', streaming: 'off' })
  await press('', { id: '50', before: NO_MEMORY, after: withSettings(NO_MEMORY, { streaming: 'draft' }) })
  expect((await load('')).settings).toEqual({ language: 'ru', streaming: 'draft' })
  const after = await turn('', before, withSettings(before, { model: 'acme/large' }))
  expect(after.settings).toEqual({ language: 'ru', streaming: 'draft', model: 'acme/large' })
  expect(after.isOld).toBeUndefined()
  expect(await redis.hexists(key, 'settings')).toBe(0)
})

test('an old choice is taken back as a new one is', async () => {
  const { redis, of, load, turn } = openChat()
  await redis.hset(of('t9').key, 'settings', '{"language":"ru","streaming":"off"}')
  const before = await load('t9')
  const after = await turn('t9', before, { ...before, settings: { language: 'ru' } })
  expect(after.settings).toEqual({ language: 'ru' })
})

test('choices are forgotten so long after the last turn, and a chat without any has no key for them', async () => {
  const { redis, of, turn } = openChat()
  const { own = '', chat = '' } = of('t9').settingsKeys
  const first = await turn('t9', NO_MEMORY, withSettings(NO_MEMORY, { language: 'ru' }))
  expect(await redis.exists(own, chat)).toBe(0)
  const chosen = { ...withSettings(first, { model: 'acme/large' }), chatSettings: { model: 'acme/chat' } }
  const second = await turn('t9', first, chosen)
  await redis.expire(own, 10)
  await redis.expire(chat, 10)
  await turn('t9', second, second)
  for (const key of [own, chat]) expect(await redis.ttl(key)).toBeGreaterThan(TTL - 5)
})

test('a forgotten chat has no language', async () => {
  const { redis, of, load, turn } = openChat()
  await turn('', NO_MEMORY, withSettings(NO_MEMORY, { language: 'ru' }))
  for (const { command, key, args } of forgetWrites(of('').key)) await redis.call(command, key, ...args)
  expect((await load('')).settings).toEqual({})
})

test('what a chat has chosen is read again after Redis forgot the scripts', async () => {
  const { redis, load, press } = openChat()
  const before = await load('')
  await press('', { id: '50', before, after: withSettings(before, { model: 'acme/one' }) })
  await redis.script('FLUSH')
  const now = await load('')
  const after = await press('', { id: '51', before: now, after: withSettings(now, { model: 'acme/two' }) })
  expect(after.settings.model).toBe('acme/two')
})

test('every call keeps to one slot of a Cluster', async () => {
  const { redis } = await openTestServer(['--cluster-enabled', 'yes'])
  await redis.cluster('ADDSLOTSRANGE', 0, 16383)
  await until(async () => /cluster_state:ok/.test(String(await redis.cluster('INFO'))))
  await expect(redis.mget('{a}', '{b}')).rejects.toThrow('CROSSSLOT')
  const { load, press } = openChat({ redis, prefix: 'chatlane', connect: () => redis })
  const before = await load('t9')
  const after = { ...withSettings(before, { model: 'acme/one' }), chatSettings: { model: 'acme/chat' } }
  expect(await press('t9', { id: '50', before, after })).toEqual(after)
})
