import { expect, test } from 'vitest'
import { runText } from './open-turn.ts'

test('/forget has everything erased and says so in the language of who asked', async () => {
  expect((await runText('/forget')).farewells).toEqual([expect.stringContaining('is erased')])
  expect((await runText('/forget', { language: 'ru' })).farewells).toEqual([
    expect.stringContaining('Всё об этом чате стёрто'),
  ])
})

test('in a group it is the administrators’', async () => {
  const { farewells, replies } = await runText('/forget', { inGroup: true })
  expect([farewells, replies.map(({ text }) => text)]).toEqual([
    [],
    ['In a group, only administrators can have everything erased.'],
  ])
  expect((await runText('/forget', { inGroup: true, isAdministrator: true })).farewells).toHaveLength(1)
})
