import { expect, test } from 'vitest'
import { choicesOf, withChoice, withScope } from '../src/choices.ts'
import type { OfferedModel } from '../src/model-list.ts'
import type { Memory } from '../src/ports.ts'
import { createTextBook } from '../src/texts.ts'
import { modelsOf, runText } from './open-turn.ts'
import { buttonsOf, dataOf, EMPTY, pressCard } from './press-card.ts'

const EN = createTextBook().in('en')
const RU = createTextBook().in('ru')
const LARGE: OfferedModel = {
  id: 'acme/large',
  name: 'Large (new)',
  contextTokens: 1000,
  price: { input: 1, output: 2 },
}
const OPEN = { models: modelsOf([LARGE]) }
const TOPIC: Partial<Memory> = { chatSettings: {} }

test('/settings says what holds, and leads to each setting', async () => {
  const { replies } = await runText('/settings', { language: 'ru' }, OPEN)
  expect(replies[0]?.text).toBe(
    [
      '**Настройки**',
      'Модель: **acme\\/standard**',
      'Системная инструкция: самого бота',
      RU.streaming.edit,
    ].join('\n\n'),
  )
  expect(buttonsOf(replies[0] ?? {})).toEqual([
    ['Модель'],
    ['Системная инструкция'],
    ['Как показывать ответы'],
    ['Закрыть'],
  ])
})

test('what was chosen is what holds; of a long system prompt the beginning is shown', async () => {
  const settings = {
    model: 'acme/large',
    systemPrompt: `You are *a pirate*\n${'very '.repeat(40)}`,
    streaming: 'off' as const,
  }
  const { replies } = await runText('/settings', { memory: { settings } }, OPEN)
  expect(replies[0]?.text).toContain('Model: **Large (new)**')
  expect(replies[0]?.text).toMatch(/System prompt: “You are \\\*a pirate\\\* (very )+v?e?r?y?…”/)
  expect(replies[0]?.text).toContain(EN.streaming.off)
})

test('what cannot be chosen has no button', async () => {
  const { replies } = await runText('/settings', {}, { isSystemPromptFixed: true })
  expect(replies[0]?.text).not.toContain('System prompt')
  expect(buttonsOf(replies[0] ?? {})).toEqual([['How answers appear'], ['Close']])
})

test('who does not administer a group sees what holds, without buttons', async () => {
  const member = await runText('/settings', { inGroup: true }, OPEN)
  expect(member.replies[0]?.text).toMatch(/Model: .*In a group, only administrators can change this\.$/s)
  expect(member.replies[0]).not.toHaveProperty('keyboard')
  const administrator = await runText('/settings', { inGroup: true, isAdministrator: true }, OPEN)
  expect(administrator.replies[0]?.keyboard).toBeDefined()
})

test('the buttons lead to the models, the system prompt, the modes, and back', async () => {
  const { text: markdown = '', keyboard = [] } = (await runText('/settings', {}, OPEN)).replies[0] ?? {}
  const card = { markdown, keyboard }
  const models = (await pressCard({ data: dataOf(card, 'Model') }, OPEN)).cards[0] ?? {}
  expect(buttonsOf(models)).toEqual([['Large (new)'], ['‹ Settings', 'Close']])
  const prompt = await pressCard({ data: dataOf(card, 'System prompt') }, OPEN)
  expect(prompt.memory.awaited).toMatchObject({ kind: 'system-prompt', fromUserId: 7, askedBy: 50 })
  expect(prompt.cards[0]?.markdown).toContain(EN.system.ask)
  const modes = (await pressCard({ data: dataOf(card, 'How answers appear') }, OPEN)).cards[0] ?? {}
  expect(buttonsOf(modes)).toEqual([['✓ While they are written'], ['Whole'], ['As a draft'], ['‹ Settings']])
  const back = (await pressCard({ data: dataOf(models, '‹ Settings') }, OPEN)).cards[0]
  expect(back).toEqual(card)
})

test('a mode is chosen by a press; a group has no drafts', async () => {
  const { memory, cards } = await pressCard({ data: 'settings:mode:off' }, OPEN)
  expect(memory.settings.streaming).toBe('off')
  expect(cards[0]?.markdown).toContain(EN.streaming.off)
  const inGroup = await pressCard({ data: 'settings:modes', isPrivate: false }, OPEN)
  expect(buttonsOf(inGroup.cards[0] ?? {})).toEqual([['✓ While they are written'], ['Whole'], ['‹ Settings']])
  const draft = await pressCard({ data: 'settings:mode:draft', isPrivate: false }, OPEN)
  expect([draft.notices, draft.memory.settings.streaming]).toEqual([[EN.draftsArePrivate], undefined])
})

test('a closed card leaves what holds, without buttons', async () => {
  const { cards } = await pressCard({ data: 'settings:close' }, OPEN)
  expect(cards[0]?.keyboard).toEqual([])
  expect(cards[0]?.markdown).toContain('Model: ')
})

test('in a topic it is said where changes go, and a switch leads them to the whole chat', async () => {
  const card = (await runText('/settings', { memory: TOPIC }, OPEN)).replies[0]
  expect(card?.text).toContain(EN.settings.changesGo.topic)
  expect(buttonsOf(card ?? {})[3]).toEqual(['✓ This topic', 'Whole chat'])
  const switched = await pressCard({ data: dataOf(card ?? {}, 'Whole chat'), memory: TOPIC }, OPEN)
  expect(switched.memory.settings.changes).toBe('chat')
  expect(buttonsOf(switched.cards[0] ?? {})[3]).toEqual(['This topic', '✓ Whole chat'])
  const { memory } = switched
  const chosen = await runText('/model acme/large', { memory }, OPEN)
  expect(chosen.turn.memory).toMatchObject({
    settings: { changes: 'chat' },
    chatSettings: { model: 'acme/large' },
  })
  expect(chosen.turn.memory.settings).not.toHaveProperty('model')
  const back = await pressCard({ data: 'settings:scope:topic', memory: chosen.turn.memory }, OPEN)
  expect(back.memory.settings).not.toHaveProperty('changes')
})

test('a choice for the whole chat holds in the topic that made it, too', () => {
  const topic: Memory = { ...EMPTY, settings: { model: 'acme/old' }, chatSettings: {} }
  const after = withChoice(withScope(topic, 'chat'), 'model', 'acme/new')
  expect(choicesOf(after).model).toBe('acme/new')
  expect(after.settings).toEqual({ changes: 'chat' })
})

test('what a topic takes back is the whole chat’s again', () => {
  const topic: Memory = { ...EMPTY, settings: { streaming: 'off' }, chatSettings: { streaming: 'draft' } }
  expect(choicesOf(topic).streaming).toBe('off')
  expect(choicesOf(withChoice(topic, 'streaming', undefined)).streaming).toBe('draft')
})

test('/stream keeps to the topic, and knows what holds for the whole chat', async () => {
  const memory: Partial<Memory> = { settings: {}, chatSettings: { streaming: 'off' } }
  expect((await runText('/stream', { memory })).replies[0]?.text).toContain(EN.streaming.off)
  const { turn } = await runText('/stream edit', { memory })
  expect(turn.memory).toMatchObject({ settings: { streaming: 'edit' }, chatSettings: { streaming: 'off' } })
})

test('the default model can be chosen in a topic whose chat has another', async () => {
  const memory: Partial<Memory> = { settings: {}, chatSettings: { model: 'acme/large' } }
  const open = { models: modelsOf([{ ...LARGE, id: 'acme/standard' }, LARGE]) }
  const { turn } = await runText('/model acme/standard', { memory }, open)
  expect(turn.memory.settings.model).toBe('acme/standard')
})

test('data that no button of ours carries only ends the spinner', async () => {
  for (const data of [
    'model:',
    'model:page',
    'model:here',
    'system:cancel',
    'settings:scope:all',
    'settings:mode:x',
    'settings:x',
  ]) {
    const { notices, cards } = await pressCard({ data }, OPEN)
    expect([notices, cards], data).toEqual([[''], []])
  }
})

test('every notice of a press fits into what Telegram shows', () => {
  for (const texts of [EN, RU]) {
    const { model, system, settings } = texts
    for (const notice of [
      ...[model.listUnknown, model.isDefault, model.notOffered, system.over, system.askedAnother],
      ...[settings.stale, texts.notAllowed, texts.onlyAdministratorsChoose, texts.draftsArePrivate],
    ])
      expect(notice.length, notice).toBeLessThanOrEqual(200)
    expect(model.chosen.length).toBeLessThan(60)
  }
})
