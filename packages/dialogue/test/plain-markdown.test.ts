import { expect, test } from 'vitest'
import { beginningOf, fillText } from '../src/plain-markdown.ts'

test('names in a text are filled, and those without a value stay', () => {
  expect(fillText('{a} of {b}{c}', { a: '1', b: '{a}' })).toBe('1 of {a}{c}')
})

test('a beginning is cut between letters, with an ellipsis', () => {
  expect(beginningOf('one  two\nthree', 9)).toBe('one two …')
  expect(beginningOf('😀😀😀', 3)).toBe('😀😀😀')
  expect(beginningOf('😀😀😀😀', 3)).toBe('😀😀…')
})
