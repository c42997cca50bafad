import { expect, test } from 'vitest'
import { openOwnRedis } from './own-redis.ts'

test('two who restart the same Redis at once wait for each other, and what was written stays', async () => {
  const own = await openOwnRedis()
  await own.redis.set('kept', 'yes')
  const away: number[] = []
  await Promise.all([1, 2, 3].map((nth) => own.restart(() => void away.push(nth))))
  expect(away).toEqual([1, 2, 3])
  expect(await own.redis.get('kept')).toBe('yes')
})
