import { expect, test } from 'vitest'
import { placeAddress } from '../src/place.ts'

test('a place becomes an address', () => {
  expect(placeAddress('')).toEqual({})
  expect(placeAddress('t12')).toEqual({ messageThreadId: 12 })
  expect(placeAddress('d34')).toEqual({ directMessagesTopicId: 34 })
  expect(placeAddress('bAb-_9')).toEqual({ businessConnectionId: 'Ab-_9' })
})

test('what is no place has no address', () => {
  for (const place of ['t', 'tx', 'x5', 'b', 'b{x}', 't1e3']) expect(placeAddress(place)).toEqual({})
})
