import { expect, test } from 'vitest'
import { scripts } from '../src/scripts.ts'
import { openBroadcasts } from './open-broadcasts.ts'
import { BOT } from './open-lanes.ts'

/** The same numbers in every run. */
function numbers(seed: number) {
  let state = seed
  return (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state % below
  }
}

test('an audience is what joined and did not leave, walked in order and in steps of any size', async () => {
  const { audience, create, redis, base } = openBroadcasts()
  const pick = numbers(7)
  const there = new Set<number>()
  for (let round = 0; round < 40; round++) {
    const joining = Array.from({ length: 150 }, () => pick(9000) - 4500 || 1)
    const leaving = Array.from({ length: 60 }, () => pick(9000) - 4500 || 1)
    await Promise.all(joining.map((chat) => audience.join(BOT, String(chat))))
    await Promise.all(leaving.map((chat) => audience.leave(BOT, String(chat), 'gone')))
    for (const chat of joining) there.add(chat)
    for (const chat of leaving) there.delete(chat)
  }
  expect(await audience.size(BOT)).toBe(there.size)
  expect((await redis.keys(`${base}:aud:page:*`)).length).toBeGreaterThan(6)
  const { id } = await create('all')
  const walked: number[] = []
  for (;;) {
    const most = 1 + pick(700)
    await scripts.broadcastFeed(redis, [base], [id, most, most, '0'])
    const portion = await redis.hkeys(`${base}:open`)
    if (portion.length === 0) break
    walked.push(...portion.map(Number).sort((one, other) => one - other))
    await redis.del(`${base}:open`, `${base}:where`, `${base}:ready:4`)
  }
  expect(walked).toEqual([...there].sort((one, other) => one - other))
})

test('ids that come in their order fill their pages, and the longest are kept to the last digit', async () => {
  const { audience, redis, base } = openBroadcasts()
  const first = 4_503_599_627_370_000
  void audience.join(BOT, '1')
  for (let n = 0; n < 1499; n++) void audience.join(BOT, String(first + n))
  await audience.join(BOT, String(first + 1499))
  const pages = await redis.keys(`${base}:aud:page:*`)
  expect(pages.length).toBe(3)
  expect(await redis.object('ENCODING', pages[0] ?? '')).toBe('intset')
  const ids = (await Promise.all(pages.map((page) => redis.smembers(page)))).flat()
  expect(ids.sort()).toEqual(['1', ...Array.from({ length: 1500 }, (_, n) => String(first + n))])
})

test('a chat is in the audience or among the blocked, never in both', async () => {
  const { audience } = openBroadcasts()
  const sizes = async () => [await audience.size(BOT), await audience.blockedSize(BOT)]
  await audience.join(BOT, '5')
  await audience.join(BOT, '5')
  expect(await sizes()).toEqual([1, 0])
  await audience.leave(BOT, '5', 'blocked')
  await audience.leave(BOT, '5', 'blocked')
  expect(await sizes()).toEqual([0, 1])
  await audience.join(BOT, '5')
  expect(await sizes()).toEqual([1, 0])
  await audience.leave(BOT, '5', 'gone')
  expect(await sizes()).toEqual([0, 0])
  expect(await audience.isBlocked(BOT, '5')).toBe(false)
})

test('the audiences of bots are their own', async () => {
  const { audience } = openBroadcasts()
  await audience.join('1', '5')
  await audience.leave('2', '5', 'blocked')
  expect([await audience.size('1'), await audience.isBlocked('1', '5')]).toEqual([1, false])
})

test('chats that join together are counted where they are new, and no longer skipped', async () => {
  const { audience } = openBroadcasts()
  await audience.join(BOT, '2')
  await audience.leave(BOT, '3', 'blocked')
  expect(await audience.joinAll(BOT, ['1', '2', '3', '1'])).toBe(2)
  expect([await audience.size(BOT), await audience.isBlocked(BOT, '3')]).toEqual([3, false])
})
