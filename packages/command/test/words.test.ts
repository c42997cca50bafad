import { expect, test } from 'vitest'
import { counted, moment, quoted } from '../src/words.ts'

test('counts are one or several', () => {
  expect([counted(1, 'update'), counted(0, 'update'), counted(1234, 'delivery', 'deliveries')]).toEqual([
    '1 update',
    '0 updates',
    '1,234 deliveries',
  ])
})

test('moments are told to the second, in UTC', () => {
  expect(moment(0)).toBe('1970-01-01 00:00:00 UTC')
})

test('what was found stands in quotes, of a long one the beginning', () => {
  expect(quoted('say "hi"\n')).toBe('"say \\"hi\\"\\n"')
  expect(quoted('a'.repeat(40))).toBe(`"${'a'.repeat(40)}"`)
  expect(quoted('a'.repeat(41))).toBe(`"${'a'.repeat(40)}…"`)
})
