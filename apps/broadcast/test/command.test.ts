import { expect, test } from 'vitest'
import { readCommand } from '../src/command.ts'

const read = (line: string) => readCommand(line.split(' ').filter((part) => part !== ''))

test('a message to send is read with all that is said about it', () => {
  expect(read('send --text hello --to chats.txt')).toEqual({
    ...{ kind: 'send', text: 'hello', textFile: undefined, photo: undefined, to: { file: 'chats.txt' } },
    ...{ paidPerSecond: undefined, botId: undefined, isAgreed: false, isDetached: false },
  })
  expect(read('send --text-file a.md --photo AgAC --to-all --paid --bot 7 --yes --detach')).toEqual({
    ...{ kind: 'send', text: undefined, textFile: 'a.md', photo: 'AgAC', to: 'all' },
    ...{ paidPerSecond: 1000, botId: '7', isAgreed: true, isDetached: true },
  })
  expect(read('send --photo AgAC --to-all --paid-per-second 200')).toMatchObject({ paidPerSecond: 200 })
})

test('the commands on a broadcast name it', () => {
  for (const kind of ['follow', 'stop', 'resume', 'unknown', 'resend'])
    expect(read(`${kind} 1-3`)).toMatchObject({ kind, id: '1-3' })
  expect(read('status')).toMatchObject({ kind: 'status', id: undefined })
  expect(read('status 4 --bot 7')).toMatchObject({ id: '4', botId: '7' })
  expect(read('list')).toMatchObject({ kind: 'list' })
})

test('without a command it helps', () => {
  for (const line of ['', 'help', '--help', 'send -h']) expect(read(line).kind).toBe('help')
})

test.for([
  ['send --to-all', 'send needs --text, --text-file or --photo'],
  ['send --text a --text-file b --to-all', '--text and --text-file are one too many'],
  ['send --text a', 'send needs either --to with a file of chat ids, or --to-all'],
  ['send --text a --to-all --to b', 'send needs either --to with a file of chat ids, or --to-all'],
  ['send hello --to-all', 'send takes its text as --text, not as "hello"'],
  ['send --text a --to-all --paid-per-second 2000', '--paid-per-second needs a whole number from 1 to 1000'],
  ['stop', 'stop needs the id of a broadcast; list shows them'],
  ['stop 1 2', '2 is one argument too many'],
  ['list --text a', '--text belongs to send'],
  ['sned', 'sned is no command'],
  ['list --frobnicate', /frobnicate/],
] as const)('%s is wrong use', ([line, message]) => {
  expect(() => read(line)).toThrow(message)
})
