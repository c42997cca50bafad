import { expect, test } from 'vitest'
import { isAllowed } from '../src/allowed-users.ts'

test('who is denied may not, who is allowed may, and without a list of these anyone else', () => {
  const anyone = { allowedUsers: new Set<string>(), deniedUsers: new Set(['7']) }
  expect([7, 8, undefined].map((id) => isAllowed(anyone, id))).toEqual([false, true, true])
  const some = { allowedUsers: new Set(['7', '8']), deniedUsers: new Set(['7']) }
  expect([7, 8, 9, undefined].map((id) => isAllowed(some, id))).toEqual([false, true, false, false])
  expect(isAllowed({ allowedUsers: new Set(['7']) }, 7)).toBe(true)
})
