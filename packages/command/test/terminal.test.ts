import { fileURLToPath } from 'node:url'
import { startCommand } from '@chatlane/test-kit'
import { expect, test } from 'vitest'

const MAIN = fileURLToPath(new URL('./a-command.ts', import.meta.url))

/** What a command says that asks and gets `input`, after which nothing more comes. */
async function answered(input: string) {
  const { child, ended } = startCommand({ main: MAIN, args: ['asking'], env: {} })
  child.stdin.end(input)
  return ended
}

test.for(['y\n', 'Yes\n', '  yes \n'])('%j agrees', async (input) => {
  expect(await answered(input)).toEqual({ code: 0, out: 'Really? [y/N] yes it is\n', err: '' })
})

test.for(['n\n', '\n', 'certainly\n'])('%j does not agree', async (input) => {
  expect((await answered(input)).out).toBe('Really? [y/N] no it is\n')
})

test('the end of input is no answer, and leaves the line of the question', async () => {
  expect((await answered('')).out).toBe('Really? [y/N] \nno it is\n')
})

test('where input and output are no terminal nobody watches', async () => {
  const { ended } = startCommand({ main: MAIN, args: ['unwatched'], env: {} })
  expect(await ended).toEqual({
    ...{ code: 1, out: '' },
    err: 'Really? Nobody is here to be asked: add --yes\n',
  })
})
