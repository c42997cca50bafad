import { expect, test } from 'vitest'
import { streamingOf } from '../src/streaming.ts'
import { createTextBook } from '../src/texts.ts'
import { runText } from './open-turn.ts'

const EN = createTextBook().in('en')
const RU = createTextBook().in('ru')

test('each mode can be chosen, is confirmed and remembered', async () => {
  for (const mode of ['edit', 'off', 'draft'] as const) {
    const english = await runText(`/stream ${mode}`)
    expect(english.replies).toEqual([{ text: EN.streaming[mode], command: true }])
    expect(english.turn.memory.settings).toEqual({ language: 'en', streaming: mode })
    const russian = await runText(`/stream ${mode}`, { language: 'ru' })
    expect(russian.replies).toEqual([{ text: RU.streaming[mode], command: true }])
    expect(russian.turn.memory.settings).toEqual({ language: 'ru', streaming: mode })
  }
})

test('a mode is understood as it is typed on a phone', async () => {
  for (const text of ['/stream Off', '/stream  off ', '/stream@some_bot off', '/stream\noff']) {
    expect((await runText(text)).turn.memory.settings.streaming, text).toBe('off')
  }
})

test('without a mode, or with none that exists, the present one is told and nothing changes', async () => {
  for (const text of ['/stream', '/stream please', '/stream off on']) {
    const { turn, replies } = await runText(text, {
      memory: { settings: { language: 'en', streaming: 'off' } },
    })
    expect(replies).toEqual([{ text: `${EN.streaming.off}\n\n${EN.streamingChoices}`, command: true }])
    expect(turn.memory.settings.streaming).toBe('off')
  }
  const russian = await runText('/stream', { language: 'ru' })
  expect(russian.replies[0]?.text).toBe(`${RU.streaming.edit}\n\n${RU.streamingChoices}`)
})

test("a chat that has chosen nothing has the deployment's mode", async () => {
  const { replies } = await runText('/stream', {}, { streaming: 'draft' })
  expect(replies[0]?.text).toContain(EN.streaming.draft)
})

test('in a group only administrators choose', async () => {
  const member = await runText('/stream off', { inGroup: true })
  expect(member.replies).toEqual([{ text: EN.onlyAdministratorsChoose, command: true }])
  expect(member.turn.memory.settings).not.toHaveProperty('streaming')
  const administrator = await runText('/stream off', { inGroup: true, isAdministrator: true })
  expect(administrator.turn.memory.settings.streaming).toBe('off')
  const asking = await runText('/stream', { inGroup: true })
  expect(asking.replies[0]?.text).toContain(EN.streaming.edit)
})

test('a group has no drafts, and says so in the language of who asked', async () => {
  const { turn, replies } = await runText('/stream draft', {
    inGroup: true,
    isAdministrator: true,
    language: 'ru',
  })
  expect(replies).toEqual([{ text: RU.draftsArePrivate, command: true }])
  expect(turn.memory.settings).not.toHaveProperty('streaming')
})

test('the choice of a chat goes before the deployment, and drafts are for private chats', () => {
  expect(streamingOf({ chosen: undefined, standard: 'off', isPrivate: true })).toBe('off')
  expect(streamingOf({ chosen: 'draft', standard: 'off', isPrivate: true })).toBe('draft')
  expect(streamingOf({ chosen: 'edit', standard: 'draft', isPrivate: true })).toBe('edit')
  expect(streamingOf({ chosen: undefined, standard: 'draft', isPrivate: false })).toBe('edit')
})
