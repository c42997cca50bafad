import { loadScript } from '@chatlane/runtime'
import { openTestRedis } from '@chatlane/test-kit'
import { expect, test } from 'vitest'

/** The client sends a script again whose answer was lost with the connection: here every call is sent twice. */
function openTwice() {
  const { redis, prefix } = openTestRedis()
  const base = `${prefix}:{s0}:guards`
  const twice = (name: string) => {
    const script = loadScript(new URL(`../src/lua/${name}.lua`, import.meta.url))
    return async (...args: (string | number)[]) => {
      const first = await script(redis, [base], args)
      return [first, await script(redis, [base], args)]
    }
  }
  return { redis, base, twice }
}

const NOTE = (id: string) => [id, 60_000, 5000, 30_000, 600_000]

test('an entry that is sent again finds the probe its own', async () => {
  const { redis, base, twice } = openTwice()
  await redis.hset(`${base}:model:a`, { until: '1', pauseMs: '5000', code: 'hung' })
  const enter = twice('breaker-enter')
  expect(await enter('x', 60_000, 'a')).toEqual([
    ['entered', 'a'],
    ['entered', 'a'],
  ])
  expect(await enter('y', 60_000, 'a')).toEqual([
    ['held', 'hung', 1000, ''],
    ['held', 'hung', 1000, ''],
  ])
})

test('a fault that is noted again counts once, and a probe’s doubles the pause once', async () => {
  const { redis, base, twice } = openTwice()
  const note = twice('breaker-note')
  expect(await note(...NOTE('x'), 'model:a', 'fault', 'hung', 2)).toEqual([[], []])
  expect(await note(...NOTE('y'), 'model:a', 'fault', 'hung', 2)).toEqual([['model:a', 'opened', 5000], []])
  await redis.hset(`${base}:model:a`, { until: '1', probe: 'z', probeUntil: '9' })
  expect(await note(...NOTE('z'), 'model:a', 'fault', 'hung', 2)).toEqual([[], []])
  expect(await redis.hget(`${base}:model:a`, 'pauseMs')).toBe('10000')
  expect(await note(...NOTE('w'), 'model:a', 'ok', '', 0)).toEqual([['model:a', 'closed', 0], []])
})

test('a slot that is asked for again is the same one, and one that is given back again frees no other', async () => {
  const { redis, base, twice } = openTwice()
  const [take, give, keep] = [twice('slot-take'), twice('slot-give'), twice('slots-keep')]
  expect(await take('x', 1, 60_000)).toEqual([1, 1])
  expect(await take('y', 1, 60_000)).toEqual([0, 0])
  expect(await redis.zrange(`${base}:queue`, '0', '-1')).toEqual(['y'])
  expect(await give('x', 1)).toEqual([1, 1])
  expect(await keep(1, 60_000, 0, 'y')).toEqual([['y'], ['y']])
  expect(await take('y', 1, 60_000)).toEqual([1, 1])
  expect(await give('x', 1)).toEqual([0, 0])
  expect(await redis.zrange(`${base}:held`, '0', '-1')).toEqual(['y'])
  expect(await redis.zcard(`${base}:queue`)).toBe(0)
})
