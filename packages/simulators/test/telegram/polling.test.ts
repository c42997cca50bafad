/** Long polling. */
import { expect, test } from 'vitest'
import { call, startSimulator } from './raw-client.ts'

test('updates are numbered in sequence and stay until an offset acknowledges them', async () => {
  const simulator = await startSimulator()
  for (const text of ['a', 'b', 'c']) simulator.phone.sendText({ from: 5, text })
  const first = (await call(simulator, 'getUpdates', { limit: 2 })).result
  expect(first).toHaveLength(2)
  expect(first[1].update_id).toBe(first[0].update_id + 1)
  const rest = (await call(simulator, 'getUpdates', { offset: first[1].update_id + 1 })).result
  expect(rest.map((update: { message: { text: string } }) => update.message.text)).toEqual(['c'])
  expect(simulator.ledger().bots[0]?.updates).toMatchObject({
    made: 3,
    attempted: 3,
    delivered: 2,
    pending: 1,
  })
})

test('a negative offset leaves only the last updates', async () => {
  const simulator = await startSimulator()
  for (const text of ['a', 'b', 'c']) simulator.phone.sendText({ from: 5, text })
  expect((await call(simulator, 'getUpdates', { offset: -1 })).result).toMatchObject([
    { message: { text: 'c' } },
  ])
})

test('a long poll ends with the first update', async () => {
  const simulator = await startSimulator()
  const arrived = simulator.waitFor((event) => event.type === 'delivery')
  const poll = call(simulator, 'getUpdates', { timeout: 50 })
  // A second call that was answered means that the server has read the first.
  await call(simulator, 'getMe')
  simulator.phone.sendText({ from: 5, text: 'now' })
  expect((await poll).result).toMatchObject([{ message: { text: 'now' } }])
  expect(await arrived).toMatchObject({ to: 'getUpdates' })
})

test('a newer poll ends the older one with a conflict', async () => {
  const simulator = await startSimulator()
  const older = call(simulator, 'getUpdates', { timeout: 50 })
  const ended = simulator.waitFor((event) => event.type === 'call' && event.status === 409)
  const newer = call(simulator, 'getUpdates', { timeout: 50 })
  await ended
  simulator.phone.sendText({ from: 5, text: 'x' })
  const answers = await Promise.all([older, newer])
  const conflict = answers.find(({ ok }) => !ok)
  expect(conflict).toMatchObject({ error_code: 409 })
  expect(conflict?.description).toMatch(/^Conflict: terminated by other getUpdates request/)
  expect(answers.find(({ ok }) => ok)?.result).toHaveLength(1)
})

test('kinds that were not asked for are not made', async () => {
  const simulator = await startSimulator()
  const reaction = { message_reaction: { chat: { id: 5 }, message_id: 1 } }
  expect(simulator.phone.injectUpdate({ update: reaction })).toBeUndefined()
  await call(simulator, 'getUpdates', { allowed_updates: ['message_reaction'] })
  expect(simulator.phone.injectUpdate({ update: reaction })).toBeDefined()
  simulator.phone.sendText({ from: 5, text: 'unwanted' })
  expect((await call(simulator, 'getUpdates')).result).toHaveLength(1)
  expect(simulator.ledger().bots[0]?.updates).toMatchObject({ made: 1, unwanted: 2 })
})

test('an acknowledged update can be handed out once more', async () => {
  const simulator = await startSimulator()
  simulator.phone.sendText({ from: 5, text: 'twice' })
  const [update] = (await call(simulator, 'getUpdates')).result
  const offset = update.update_id + 1
  expect((await call(simulator, 'getUpdates', { offset })).result).toEqual([])
  simulator.redeliver({ updateId: update.update_id })
  expect((await call(simulator, 'getUpdates', { offset })).result).toEqual([update])
})

test('an update that outlived its kind is dropped', async () => {
  const simulator = await startSimulator()
  simulator.phone.injectUpdate({ update: { message: { text: 'old' } }, ttlSeconds: 0 })
  expect((await call(simulator, 'getUpdates')).result).toEqual([])
  expect(simulator.ledger().bots[0]?.updates.dropped).toBe(1)
})
