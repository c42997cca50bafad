import { expect, test } from 'vitest'
import { botOfCommand } from '../src/bot-of-command.ts'

test('the bot is the one that is named, or the only one', () => {
  expect(botOfCommand(['7'], undefined)).toBe('7')
  expect(botOfCommand(['7', '8'], '8')).toBe('8')
  expect(botOfCommand([], '9')).toBe('9')
})

test.for([
  [['7', '8'], undefined, '--bot must say which: 7, 8'],
  [[], undefined, '--bot must say which, since no token is set'],
  [['7'], '8', '--bot 8 is none of the bots whose tokens are set: 7'],
  [[], 'me', '--bot me is not the id of a bot'],
] as const)('of %j no bot is found by %s', ([botIds, named, message]) => {
  expect(() => botOfCommand(botIds, named)).toThrow(message)
})
