import { expect, test } from 'vitest'
import { readCommand } from '../src/command.ts'

const NOW = 1_000_000_000_000
const NONE = { botId: undefined, homeId: undefined, kind: undefined, reason: undefined, sinceMs: undefined }
const read = (line: string) =>
  readCommand(
    line.split(' ').filter((part) => part !== ''),
    NOW,
  )

test('letters are listed, all or those that fit', () => {
  expect(read('list')).toEqual({ kind: 'list', filter: NONE, limit: 20, asJson: false })
  expect(
    read('list --bot 7 --chat -100123 --kind delivery --reason 400 --since 12h --limit 5 --json'),
  ).toEqual({
    kind: 'list',
    filter: { botId: '7', homeId: '-100123', kind: 'delivery', reason: '400', sinceMs: NOW - 12 * 3_600_000 },
    limit: 5,
    asJson: true,
  })
})

test('one is shown, and some or all are replayed or dropped', () => {
  expect(read('show update-7-1-5 --text')).toEqual({
    ...{ kind: 'show', id: 'update-7-1-5', withText: true, asJson: false },
  })
  expect(read('replay a b')).toEqual({ kind: 'replay', meant: { ids: ['a', 'b'] } })
  expect(read('drop --all --since 7d -y')).toEqual({
    kind: 'drop',
    meant: { filter: { ...NONE, sinceMs: NOW - 7 * 86_400_000 } },
    isAgreed: true,
  })
})

test('without a command it helps', () => {
  for (const line of ['', 'help', '--help', 'list -h']) expect(read(line)).toEqual({ kind: 'help' })
})

test.for([
  ['erase', 'erase is no command: list, show, replay or drop'],
  ['list 5', '5 is one argument too many'],
  ['show', 'which one? list tells the ids'],
  ['show a b', 'b is one argument too many'],
  ['replay', 'which ones? ids, or --all, which takes filters'],
  ['drop --bot 7', 'which ones? ids, or --all, which takes filters'],
  ['drop a --all', 'either ids, or --all and filters'],
  ['replay a --kind update', 'either ids, or --all and filters'],
  ['replay a -y', '--yes does not belong to replay'],
  ['show a --limit 5', '--limit does not belong to show'],
  ['list --limit 0', '--limit 0 is no number above 0'],
  ['list --since yesterday', '--since yesterday is no time such as 30m, 12h or 7d'],
  ['list --kind reply', '--kind reply is neither update nor delivery'],
  ['list --chat anna', '--chat anna is no id'],
] as const)('%s is refused: %s', ([line, problem]) => {
  expect(() => read(line)).toThrow(problem)
})
