import { expect, test } from 'vitest'
import { namedPlace, placeAddress, unnamedPlace } from '../src/place.ts'

test('a place becomes an address', () => {
  expect(placeAddress('')).toEqual({})
  expect(placeAddress('t12')).toEqual({ messageThreadId: 12 })
  expect(placeAddress('d34')).toEqual({ directMessagesTopicId: 34 })
  expect(placeAddress('bAb-_9')).toEqual({ businessConnectionId: 'Ab-_9' })
})

test('what is no place has no address', () => {
  for (const place of ['t', 'tx', 'x5', 'b', 'b{x}', 't1e3']) expect(placeAddress(place)).toEqual({})
})

test('a place under a name is reached as the place itself', () => {
  for (const place of ['', 't12', 'd34', 'bAb-_9=']) {
    const named = namedPlace(place, 'user 5: ~a~')
    expect(named).not.toBe(place)
    expect(named).toMatch(/^[a-z][^:{}\s]*$/i)
    expect(unnamedPlace(named)).toBe(place)
    expect(placeAddress(named)).toEqual(placeAddress(place))
    expect(namedPlace(place, '')).toBe(place)
    expect(unnamedPlace(place)).toBe(place)
  }
  expect(namedPlace('', 'one')).not.toBe(namedPlace('', 'two'))
  expect(namedPlace('', 'a'.repeat(64))).toBe(namedPlace('', `${'a'.repeat(64)}b`))
})
