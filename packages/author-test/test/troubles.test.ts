import { expect, test } from 'vitest'
import { troubles } from '../src/troubles.ts'

test('errors are told with the beginning of their stack, all else is left out', () => {
  const stack = ['Error: no', ...Array.from({ length: 9 }, (_, n) => `    at ${n}`)].join('\n')
  const lines = [
    ...[
      'the author prints',
      'null',
      '{"level":"info","msg":"worker works"}',
      '{"level":"error","msg":"lost"}',
    ],
    JSON.stringify({ level: 'fatal', msg: 'failed', err: { stack } }),
  ]
  expect(troubles(lines)).toEqual([
    'lost',
    'failed\n  Error: no\n      at 0\n      at 1\n      at 2\n      at 3',
  ])
})
