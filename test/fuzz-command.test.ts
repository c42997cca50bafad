import { fileURLToPath } from 'node:url'
import { startCommand } from '@chatlane/test-kit'
import { expect, test } from 'vitest'

test('pnpm fuzz runs from a seed, and says how to run the same again', async () => {
  const path = (of: string) => fileURLToPath(new URL(of, import.meta.url))
  const { ended } = startCommand({
    main: path('./fuzz/main.ts'),
    args: ['20', '7'],
    env: { PATH: process.env.PATH ?? '' },
    cwd: path('..'),
  })
  const { code, out } = await ended
  expect(out).toContain('20 runs from seed 7; again: pnpm fuzz 20 7\n')
  expect(out).toMatch(/Tests .*4 passed/)
  expect(code).toBe(0)
}, 300_000)
