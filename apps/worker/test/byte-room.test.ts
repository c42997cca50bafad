import { expect, test } from 'vitest'
import { createByteRoom } from '../src/files/byte-room.ts'

const settled = async (promise: Promise<unknown>) => {
  const later = new Promise<'waits'>((resolve) => setImmediate(() => resolve('waits')))
  return (await Promise.race([promise.then(() => 'in'), later])) as string
}

test('whoever finds no room waits until enough is given back, in the order of coming', async () => {
  const room = createByteRoom(100)
  const leave = await room.take(80)
  const large = room.take(50)
  const small = room.take(10)
  expect([await settled(large), await settled(small)]).toEqual(['waits', 'waits'])
  leave()
  expect([await settled(large), await settled(small)]).toEqual(['in', 'in'])
})

test('more than there is takes all of it, and is given back once', async () => {
  const room = createByteRoom(100)
  const leave = await room.take(1000)
  const next = room.take(100)
  expect(await settled(next)).toBe('waits')
  leave()
  leave()
  expect(await settled(next)).toBe('in')
  expect(await settled(room.take(1))).toBe('waits')
})

test('whoever is given up while waiting lets the next one in', async () => {
  const room = createByteRoom(100)
  await room.take(60)
  const given = new AbortController()
  const large = room.take(80, given.signal)
  const small = room.take(30)
  expect(await settled(small)).toBe('waits')
  given.abort(new Error('given up'))
  await expect(large).rejects.toThrow('given up')
  expect(await settled(small)).toBe('in')
  await expect(room.take(1, AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late')
})
