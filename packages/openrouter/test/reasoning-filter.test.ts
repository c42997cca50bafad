import { describe, expect, test } from 'vitest'
import { ReasoningFilter, speaksOfReasoningTags } from '../src/reasoning-filter.ts'

/** What is passed on of an answer that comes in these pieces. */
function passedOn(pieces: readonly string[], isOff = false): string {
  const filter = new ReasoningFilter({ isOff })
  return pieces.map((piece) => filter.take(piece)).join('') + filter.end()
}

/** The same answer, cut in pieces of every size. */
const cuts = (text: string) =>
  [1, 2, 3, 5, 7, 1000].map((size) => text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [])

describe('wherever the answer is cut,', () => {
  test.each([
    ['a block of thoughts is left out', '<think>Let me see. 1 < 2.</think>\n\nHello', 'Hello'],
    ['blocks one after the other are', '<thought>a</thought> <Thinking>b</thinking>\nHello', 'Hello'],
    ['a block of any of the names is', '\n<mm:think>\n</tool>\n</mm:think>Hello', 'Hello'],
    ['an unclosed block is thought to the end', '<reasoning>I wonder </think', ''],
    ['tags inside of the answer stay', 'Write `<think>` and </think>.', 'Write `<think>` and </think>.'],
    ['what is no such tag stays', '<thin air> is thin', '<thin air> is thin'],
    ['a tag that never comes whole stays', '<think', '<think'],
    ['an answer without tags is untouched', '  \n 2 < 3 ', '  \n 2 < 3 '],
    ['nothing stays nothing', '', ''],
  ])('%s', (_, text, answer) => {
    for (const pieces of cuts(text)) expect(passedOn(pieces)).toBe(answer)
  })
})

test('nothing of the answer is held back but what may be a tag', () => {
  const filter = new ReasoningFilter({ isOff: false })
  expect([' ', '<', 'th', 'ree', '> 2'].map((piece) => filter.take(piece))).toEqual([
    '',
    '',
    '',
    ' <three',
    '> 2',
  ])
})

test('where thoughts come apart from the text, the text is passed on as it is', () => {
  const filter = new ReasoningFilter({ isOff: false })
  expect(filter.take('<th')).toBe('')
  expect(filter.passOn()).toBe('<th')
  expect(filter.take('<think>literally</think>')).toBe('<think>literally</think>')
  expect(passedOn(['<think>literally</think>'], true)).toBe('<think>literally</think>')
})

test('a text that speaks of such tags is told from one that does not', () => {
  expect(['What is <think>?', 'and </THOUGHT> then'].map(speaksOfReasoningTags)).toEqual([true, true])
  expect(['I think', '<thin>', '< think >'].map(speaksOfReasoningTags)).toEqual([false, false, false])
})
