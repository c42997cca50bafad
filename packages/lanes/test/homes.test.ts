import { openTestRedis } from '@chatlane/test-kit'
import { expect, test } from 'vitest'
import { createHomes } from '../src/homes.ts'
import { createKeys } from '../src/names.ts'

function openHomes() {
  const { redis, prefix } = openTestRedis()
  return createHomes({ redis, keys: createKeys({ prefix, shards: 1 }) })
}

test('a chat that never migrated is its own home and address', async () => {
  const homes = openHomes()
  for (const id of ['7', '-5', '-1005']) {
    expect(await homes.homeOf('1', id)).toBe(id)
    expect(await homes.addressOf('1', id)).toBe(id)
  }
})

test('a group that became a supergroup keeps its home and has a new address', async () => {
  const homes = openHomes()
  await homes.noteMigration('1', { from: '-5', to: '-1005' })
  await homes.noteMigration('1', { from: '-5', to: '-1005' })
  expect(await homes.homeOf('1', '-1005')).toBe('-5')
  expect(await homes.addressOf('1', '-5')).toBe('-1005')
})

test('a second migration leads to the first home', async () => {
  const homes = openHomes()
  await homes.noteMigration('1', { from: '-5', to: '-1005' })
  await homes.noteMigration('1', { from: '-1005', to: '-1006' })
  expect(await homes.homeOf('1', '-1006')).toBe('-5')
  expect(await homes.addressOf('1', '-5')).toBe('-1006')
})

test('the migrations of one bot are not those of another', async () => {
  const homes = openHomes()
  await homes.noteMigration('1', { from: '-5', to: '-1005' })
  expect(await homes.homeOf('2', '-1005')).toBe('-1005')
  expect(await homes.addressOf('2', '-5')).toBe('-5')
})
