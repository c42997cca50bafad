/** When an installation has done everything that it was given. */
import { type TestRedis, until } from '@chatlane/test-kit'

/** Resolves when no update waits or is being answered, and nothing is to be delivered. `shards`: of the lanes. */
export async function atRest(
  { redis, prefix }: Pick<TestRedis, 'redis' | 'prefix'>,
  shards = 1,
): Promise<void> {
  const waiting = Array.from({ length: shards }, (_, n) => [
    `${prefix}:{s${n}}:dirty`,
    `${prefix}:{s${n}}:outdirty`,
  ])
  await until(async () => {
    const counts = await Promise.all(waiting.map((keys) => redis.exists(...keys)))
    return counts.every((count) => count === 0)
  })
}
