import { expect, test } from 'vitest'
import { inTime } from '../src/in-time.ts'

test('times are told as exactly as matters', () => {
  const told = [-5, 0, 450, 9_999, 61_000, 119_999, 125_000, 7_199_000, 7_200_000, 400_000_000].map(inTime)
  expect(told).toEqual(['0 s', '0 s', '0.4 s', '9.9 s', '61 s', '119 s', '2 min', '119 min', '2 h', '4 days'])
})
