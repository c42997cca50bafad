import { expect, test } from 'vitest'
import { botOfCommand } from '../src/bot-of-command.ts'
import { readCommand } from '../src/command.ts'

const read = (line: string) => readCommand(line.split(' ').filter((part) => part !== ''))

test('a command names its chat, a group too', () => {
  expect(read('12 show')).toEqual({
    ...{ kind: 'show', chatId: '12', botId: undefined, withTexts: false, asJson: false },
  })
  expect(read('-100123 show --texts --json --bot 7')).toEqual({
    ...{ kind: 'show', chatId: '-100123', botId: '7', withTexts: true, asJson: true },
  })
  expect(read('--bot 7 -5 forget -y')).toEqual({ kind: 'forget', chatId: '-5', botId: '7', isAgreed: true })
  for (const kind of ['pause', 'resume', 'replay'])
    expect(read(`-5 ${kind}`)).toEqual({ kind, chatId: '-5', botId: undefined })
})

test('without a command it helps', () => {
  for (const line of ['', 'help', '--help', '12 show -h']) expect(read(line)).toEqual({ kind: 'help' })
})

test.for([
  ['show 12', '"show" is not the id of a chat: it comes first, then the command'],
  ['12', 'what is to be done? show, pause, resume, replay or forget'],
  ['12 erase', 'erase is no command'],
  ['12 show 13', '13 is one argument too many'],
  ['12 pause --yes', '--yes belongs to forget'],
  ['12 forget --texts', '--texts belongs to show'],
  ['12 replay --json', '--json belongs to show'],
  ['12 show --frobnicate', /frobnicate/],
  ['12 show --bot', /bot/],
] as const)('%s is wrong use', ([line, message]) => {
  expect(() => read(line)).toThrow(message)
})

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
