import { fileURLToPath } from 'node:url'
import { startCommand } from '@chatlane/test-kit'
import { expect, test } from 'vitest'

const MAIN = fileURLToPath(new URL('./a-command.ts', import.meta.url))

test.for([
  ['that did as it was asked ends with 0', 'silent', 0, ''],
  ['that did all of it ends with 0', 'whole', 0, ''],
  ['that did a part of it ends with 1 and has told why', 'parts', 1, ''],
  ['that was used wrongly ends with 1 and a line', 'misused', 1, '--frobnicate is no option\n'],
  ['that failed otherwise ends with 1 and a line, too', 'failed', 1, 'Redis is full\n'],
  ['whose settings are wrong has a line for each', 'misconfigured', 1, 'REDIS_URL: one\nLANE_SHARDS: two\n'],
] as const)('a command %s', async ([, end, code, err]) => {
  expect(await startCommand({ main: MAIN, args: [end], env: {} }).ended).toEqual({ code, out: '', err })
})
