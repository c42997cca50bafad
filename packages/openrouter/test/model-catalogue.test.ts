import { createLog } from '@chatlane/runtime'
import { latch, openTestRedis, until } from '@chatlane/test-kit'
import { expect, test } from 'vitest'
import { type Asked, createModelCatalogue, type Model } from '../src/index.ts'

const log = createLog({ service: 'test', level: 'silent' })
const modelOf = (id: string): Model => ({
  ...{ id, name: id, contextLength: 1000, promptUsdPerToken: 0, completionUsdPerToken: 0 },
})
const DOWN: Asked<Model[]> = {
  kind: 'failed',
  fault: { code: 'provider_down', retryable: true, detail: 'status 502' },
}

/** Catalogues of several workers; OpenRouter answers what is in `answers`, in turn, and is asked `asked.count` times. */
function openCatalogues(answers: Asked<Model[]>[]) {
  const { redis, prefix, connect } = openTestRedis()
  const asked = { count: 0 }
  const clock = { nowMs: 0 }
  const openRouter = { models: async () => answers[asked.count++] ?? DOWN }
  const create = (on = redis) =>
    createModelCatalogue({ redis: on, key: `${prefix}:models`, openRouter, log, now: () => clock.nowMs })
  return { create, asked, clock, redis, connect, key: `${prefix}:models` }
}

test('OpenRouter is asked once for all workers, however many ask at once', async () => {
  const { create, asked, redis, key } = openCatalogues([{ kind: 'known', value: [modelOf('a/one')] }])
  const first = create()
  const found = await Promise.all([first.find('a/one'), first.find('a/one'), first.find('a/two')])
  expect(found).toEqual([modelOf('a/one'), modelOf('a/one'), undefined])
  expect(await create().all()).toEqual([modelOf('a/one')])
  expect(asked.count).toBe(1)
  expect(await redis.ttl(key)).toBeGreaterThan(3500)
})

test('a variant is found by its own id, else by that of its model', async () => {
  const models = [modelOf('a/one'), modelOf('a/one:free')]
  const { create } = openCatalogues([{ kind: 'known', value: models }])
  const { find } = create()
  expect([(await find('a/one:free'))?.id, (await find('a/one:nitro'))?.id]).toEqual(['a/one:free', 'a/one'])
})

test('while OpenRouter does not answer, what was known stays, and it is asked again later', async () => {
  const { create, asked, clock, redis, key } = openCatalogues([
    DOWN,
    { kind: 'known', value: [modelOf('a/one')] },
    DOWN,
  ])
  const { all } = create()
  expect(await all()).toEqual([])
  expect(await all()).toEqual([])
  clock.nowMs += 60_000
  expect(await all()).toEqual([modelOf('a/one')])
  await redis.del(key)
  clock.nowMs += 60_000
  expect(await all()).toEqual([modelOf('a/one')])
  await until(() => asked.count === 3)
  expect(await all()).toEqual([modelOf('a/one')])
})

test('nobody waits for long where OpenRouter does not answer, and the list is there when it has come', async () => {
  const listed = latch<Asked<Model[]>>()
  const { redis, key } = openCatalogues([])
  const openRouter = { models: () => listed.opened }
  const { find } = createModelCatalogue({ redis, key, openRouter, log, waitMs: 20 })
  expect(await find('a/one')).toBeUndefined()
  listed.open({ kind: 'known', value: [modelOf('a/one')] })
  await until(async () => (await find('a/one')) !== undefined)
})

test('without Redis nothing is known, and nothing rejects', async () => {
  const { create, connect } = openCatalogues([{ kind: 'known', value: [modelOf('a/one')] }])
  const away = connect()
  await away.quit()
  expect(await create(away).find('a/one')).toBeUndefined()
})
