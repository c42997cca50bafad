import { expect, test } from 'vitest'
import { schedule, takeSchedules } from '../src/schedule.ts'

test('what was registered is taken once, in its order', () => {
  const run = () => undefined
  schedule('digest', '0 9 * * *', run)
  schedule('sweep', '* * * * *', run)
  expect(takeSchedules()).toEqual([
    { name: 'digest', cron: '0 9 * * *', run },
    { name: 'sweep', cron: '* * * * *', run },
  ])
  expect(takeSchedules()).toEqual([])
})

test('a schedule without a name is refused', () => {
  expect(() => schedule('', '* * * * *', () => undefined)).toThrow(TypeError)
})
