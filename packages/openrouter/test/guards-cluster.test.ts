import { openTestServer, until } from '@chatlane/test-kit'
import { expect, onTestFinished, test } from 'vitest'
import { createBreaker } from '../src/breaker.ts'
import { openGovernor } from '../src/governor.ts'
import { readGuardLoad } from '../src/guard-load.ts'
import { failed, keptLog } from './open-guards.ts'

test('breakers and slots keep to one slot of a Cluster', async () => {
  const { redis } = await openTestServer(['--cluster-enabled', 'yes'])
  await redis.cluster('ADDSLOTSRANGE', 0, 16383)
  await until(async () => /cluster_state:ok/.test(String(await redis.cluster('INFO'))))
  await expect(redis.mget('{a}', '{b}')).rejects.toThrow('CROSSSLOT')
  const keyOf = (name: string) => `chatlane:{s0}:${name}`
  const { log, lines } = keptLog()
  const breaker = createBreaker({ redis, key: keyOf('breakers'), rules: { faults: 1 }, log })
  const outcomes = [failed('provider_down'), failed('rate_limited', { retryAfterMs: 60_000 })]
  for (const [index, outcome] of outcomes.entries()) {
    const entry = await breaker.enter([`a/${index}`])
    if (entry.kind === 'entered') await entry.pass.ended(outcome)
  }
  expect((await breaker.enter(['a/0'])).kind).toBe('held')
  const governor = await openGovernor({ redis, key: keyOf('slots'), most: 1, log })
  onTestFinished(() => governor.stop())
  const slot = await governor.acquire()
  const next = governor.acquire()
  await until(async () => (await readGuardLoad(redis, keyOf)).slotsWaiting === 1)
  if (slot.kind === 'held') await slot.give()
  expect((await next).kind).toBe('held')
  expect((await readGuardLoad(redis, keyOf)).open).toEqual(['pause', 'model:a/0'])
  expect(lines.map(({ level }) => level)).toEqual(['error', 'warn'])
})
