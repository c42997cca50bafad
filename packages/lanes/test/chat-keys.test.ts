import { openTestRedis } from '@chatlane/test-kit'
import { expect, test } from 'vitest'
import { findChatKeys, placesOf } from '../src/chat-keys.ts'
import { createKeys } from '../src/names.ts'

const CHAT = { botId: '7', homeId: '12' }

/** Sets `names`, which stand behind the prefix of the one shard, and finds those of the chat. */
async function find(names: readonly string[], chat = CHAT) {
  const { redis, prefix } = openTestRedis()
  const keys = createKeys({ prefix, shards: 1 })
  for (const name of names) await redis.set(`${keys.shard(0)}:${name}`, '')
  const found = await findChatKeys({ redis, keys, chat })
  const shortName = (key: string) => key.slice(keys.shard(0).length + 1)
  return {
    names: found.map(({ key }) => shortName(key)).sort(),
    places: placesOf(found),
    found: new Map(found.map(({ key, name, place }) => [shortName(key), { name, place }])),
  }
}

test('the keys of a chat and of all its places are found', async () => {
  const ofChat = ['out:7:12', 'seen:7:12', 'dead:update:42:7:12', 'call:c1.sendmessage.1:7:12', 'sess:5:7:12']
  const ofLanes = ['in:7:12:', 'turn:7:12:t5', 'chat:7:12:bAb+/=', 'journal:7:12:q']
  const { names, places, found } = await find([...ofChat, ...ofLanes])
  expect(names).toEqual([...ofChat, ...ofLanes].sort())
  expect(places).toEqual(['', 'bAb+/=', 'q', 't5'])
  expect(found.get('dead:update:42:7:12')).toEqual({ name: 'dead:update:42', place: undefined })
  expect(found.get('turn:7:12:t5')).toEqual({ name: 'turn', place: 't5' })
})

test('what belongs to another chat, another bot or no chat is not', async () => {
  const { names } = await find([
    ...['out:7:123', 'in:7:123:', 'turn:7:12345:t5', 'out:7:-12', 'in:7:-12:'],
    ...['out:77:12', 'in:17:12:', 'out:8:12', 'in:8:12:'],
    ...['inbox:de:7:12:', 'inbox:de:7:12:t5', 'queries:de:7:12:q', 'outbox:7:12', 'dirty', 'turns'],
    // An update of another chat whose id is this bot's, and a session of a user whose id is.
    ...['dead:update:7:12:5', 'sess:7:12:99'],
    // Sessions under a key that an author's code chose.
    ...['sess:7:12:abc', 'sess~game:7:12:abc'],
  ])
  expect(names).toEqual([])
})

test('a group is found, and not the user whose id is the same number', async () => {
  const group = { botId: '7', homeId: '-12' }
  expect((await find(['out:7:-12', 'out:7:12', 'in:7:-12:t1', 'in:7:12:'], group)).names).toEqual([
    'in:7:-12:t1',
    'out:7:-12',
  ])
})

test('the keys of another shard are not looked at', async () => {
  const { redis, prefix } = openTestRedis()
  const keys = createKeys({ prefix, shards: 4 })
  const shard = keys.shardOf(CHAT)
  for (let n = 0; n < 4; n++) await redis.set(`${keys.shard(n)}:out:7:12`, '')
  expect((await findChatKeys({ redis, keys, chat: CHAT })).map(({ key }) => key)).toEqual([
    `${keys.shard(shard)}:out:7:12`,
  ])
})
