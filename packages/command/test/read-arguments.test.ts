import { expect, test } from 'vitest'
import { readArguments } from '../src/read-arguments.ts'
import { UsageError } from '../src/usage-error.ts'

const OPTIONS = { bot: { type: 'string' }, yes: { type: 'boolean', short: 'y' } } as const

test('options are read wherever they stand', () => {
  const { values, positionals } = readArguments(['--bot', '7', 'stop', '-y', '1'], OPTIONS)
  expect([{ ...values }, positionals]).toEqual([{ bot: '7', yes: true }, ['stop', '1']])
})

test.for([['--frobnicate'], ['--bot'], ['--yes=no']])('%s is wrong use', (args) => {
  expect(() => readArguments(args, OPTIONS)).toThrow(UsageError)
})
