import { expect, test } from 'vitest'
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
