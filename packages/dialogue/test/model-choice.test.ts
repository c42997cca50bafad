import { expect, test } from 'vitest'
import { modelLine, type OfferedModel } from '../src/model-list.ts'
import type { Keyboard, Memory } from '../src/ports.ts'
import { createTextBook } from '../src/texts.ts'
import { modelsOf, runText } from './open-turn.ts'
import { buttonsOf, dataOf, pressCard } from './press-card.ts'

const EN = createTextBook().in('en')
const RU = createTextBook().in('ru')

const model = (id: string, name = `Model ${id}`): OfferedModel => ({
  id,
  name,
  contextTokens: 128_000,
  price: { input: 0.15, output: 0.6 },
})
const MANY = [
  model('acme/standard', 'Standard'),
  ...Array.from({ length: 20 }, (_, n) => model(`acme/m-${String(n).padStart(2, '0')}`)),
  model(`long/${'x'.repeat(200)}`, 'Long'),
]
const OPEN = { models: modelsOf(MANY) }
const cardOf = (replies: { text: string; keyboard?: Keyboard }[]) => ({
  markdown: replies[0]?.text ?? '',
  keyboard: replies[0]?.keyboard ?? [],
})

test('where the operator offers no models, /model says which one answers', async () => {
  const { replies } = await runText('/model')
  expect(replies).toEqual([
    { text: `**acme\\/standard** answers here.\n\n${EN.model.onlyOne}`, command: true },
  ])
  const naming = await runText('/model acme/m-01')
  expect(naming.turn.memory.settings).toEqual({ language: 'en' })
})

test('where OpenRouter does not list its models, that is said and nothing changes', async () => {
  const { replies, turn } = await runText(
    '/model acme/m-01',
    { language: 'ru' },
    { models: modelsOf(undefined) },
  )
  expect(replies[0]?.text).toContain(RU.model.listUnknown)
  expect(turn.memory.settings).toEqual({ language: 'ru' })
})

test('/model shows the first page, the model that answers marked', async () => {
  const card = cardOf((await runText('/model', {}, OPEN)).replies)
  expect(card.markdown).toContain('**Standard** answers here.')
  expect(card.markdown).toContain('• **Model acme\\/m\\-00** · 128K · $0.15 / $0.60')
  const rows = buttonsOf(card)
  expect(rows.slice(0, 2)).toEqual([['✓ Standard'], ['Model acme/m-00']])
  expect(rows.slice(8)).toEqual([
    ['‹', '1 / 3', '›'],
    ['‹ Settings', 'Close'],
  ])
})

test('every button fits into what Telegram takes, whatever is looked for', async () => {
  for (const text of ['/model', `/model ${'модель '.repeat(30)}`, `/model ${'m-0'.repeat(40)}`, '/model x']) {
    for (const button of cardOf((await runText(text, {}, OPEN)).replies).keyboard.flat()) {
      const data = 'callbackData' in button ? button.callbackData : ''
      expect(Buffer.byteLength(data), data).toBeGreaterThan(0)
      expect(Buffer.byteLength(data), data).toBeLessThanOrEqual(64)
    }
  }
})

test('pages turn in both directions, and a page that is gone is the last one', async () => {
  const first = cardOf((await runText('/model', {}, OPEN)).replies)
  const second = (await pressCard({ data: dataOf(first, '›') }, OPEN)).cards[0]
  expect(buttonsOf(second ?? {})[8]).toEqual(['‹', '2 / 3', '›'])
  const last = (await pressCard({ data: dataOf(first, '‹') }, OPEN)).cards[0]
  expect(buttonsOf(last ?? {})[0]).toEqual(['Model acme/m-15'])
  expect((await pressCard({ data: 'model:page:99:' }, OPEN)).cards).toEqual([last])
})

test('a search finds by every word of id or name, and its pages stay with it', async () => {
  const found = cardOf((await runText('/model  ACME m-1', {}, OPEN)).replies)
  expect(found.markdown).toContain('Found for “acme m\\-1”: 10')
  const second = (await pressCard({ data: dataOf(found, '›') }, OPEN)).cards[0]
  expect(buttonsOf(second ?? {}).slice(0, 3)).toEqual([
    ['Model acme/m-18'],
    ['Model acme/m-19'],
    ['‹', '2 / 2', '›'],
  ])
})

test('a search that finds nothing says so and shows all', async () => {
  const card = cardOf((await runText('/model клод', { language: 'ru' }, OPEN)).replies)
  expect(card.markdown).toContain('По запросу «клод» ничего не нашлось.')
  expect(buttonsOf(card)[0]).toEqual(['✓ Standard'])
})

test('a press chooses the model, marks it and tells so; the card stays where it is', async () => {
  const first = cardOf((await runText('/model', {}, OPEN)).replies)
  const second = (await pressCard({ data: dataOf(first, '›') }, OPEN)).cards[0]
  const chosen = await pressCard({ data: dataOf(second ?? {}, 'Model acme/m-07') }, OPEN)
  expect(chosen.memory.settings.model).toBe('acme/m-07')
  expect(chosen.notices).toEqual(['Model acme/m-07 answers from now on.'])
  expect(buttonsOf(chosen.cards[0] ?? {}).slice(0, 1)).toEqual([['✓ Model acme/m-07']])
  expect(buttonsOf(chosen.cards[0] ?? {}).at(-1)).toEqual(['Back to default', '‹ Settings', 'Close'])
  const back = await pressCard(
    { data: dataOf(chosen.cards[0] ?? {}, 'Back to default'), memory: chosen.memory },
    OPEN,
  )
  expect(back.memory.settings).toEqual({ language: 'en' })
  expect(back.notices).toEqual([EN.model.isDefault])
})

test('a card that was shown after another’s newer one shows what holds in the end', async () => {
  const card = cardOf((await runText('/model', {}, OPEN)).replies)
  const { cards } = await pressCard(
    {
      data: dataOf(card, 'Model acme/m-01'),
      meanwhile: (memory) => ({ ...memory, settings: { ...memory.settings, model: 'acme/m-02' } }),
    },
    OPEN,
  )
  const ticked = cards.map(({ keyboard }) => keyboard.flat().filter(({ text }) => text.startsWith('✓')))
  expect(ticked.map((buttons) => buttons.map(({ text }) => text))).toEqual([
    ['✓ Model acme/m-01'],
    ['✓ Model acme/m-02'],
  ])
})

test('a model with a long id is chosen as every other', async () => {
  const card = cardOf((await runText('/model long', {}, OPEN)).replies)
  const { memory } = await pressCard({ data: dataOf(card, 'Long') }, OPEN)
  expect(memory.settings.model).toBe(`long/${'x'.repeat(200)}`)
})

test('close leaves the model that answers, without buttons', async () => {
  const { cards, notices } = await pressCard({ data: 'model:close', language: 'ru' }, OPEN)
  expect(cards).toEqual([{ markdown: 'Здесь отвечает **Standard**.', keyboard: [] }])
  expect(notices).toEqual([''])
})

test('an id chooses at once, and default goes back', async () => {
  const { turn, replies } = await runText('/model Acme/M-03', {}, OPEN)
  expect(turn.memory.settings.model).toBe('acme/m-03')
  expect(replies).toEqual([{ text: '**Model acme\\/m\\-03** answers here.', command: true }])
  const { memory } = turn
  expect((await runText('/model default', { memory }, OPEN)).turn.memory.settings).toEqual({ language: 'en' })
})

test('in a group only administrators choose; everybody may ask', async () => {
  const { turn, replies } = await runText('/model acme/m-03', { inGroup: true }, OPEN)
  expect(turn.memory.settings).toEqual({ language: 'en' })
  expect(replies).toEqual([
    { text: `**Standard** answers here.\n\n${EN.onlyAdministratorsChoose}`, command: true },
  ])
  const administrator = await runText('/model acme/m-03', { inGroup: true, isAdministrator: true }, OPEN)
  expect(administrator.turn.memory.settings.model).toBe('acme/m-03')
})

test('a press of who is no administrator, or not on the list of users, changes nothing and is told', async () => {
  const data = 'model:default:0:'
  const memory = { settings: { language: 'en' as const, model: 'acme/m-03' } }
  const member = await pressCard({ data, memory, mayChoose: false, isPrivate: false, language: 'ru' }, OPEN)
  expect([member.notices, member.cards]).toEqual([[RU.onlyAdministratorsChoose], []])
  const stranger = await pressCard({ data, memory }, { ...OPEN, allowedUsers: new Set(['8']) })
  expect([stranger.notices, stranger.cards]).toEqual([[EN.notAllowed], []])
  for (const pressed of [member, stranger]) expect(pressed.memory.settings.model).toBe('acme/m-03')
})

test('a button that its message does not carry any more is answered with a notice', async () => {
  const { notices, cards } = await pressCard({ data: 'model:default:0:', isShown: false }, OPEN)
  expect([notices, cards]).toEqual([[EN.settings.stale], []])
})

test('a button of a model that is no longer offered is answered with a notice and the new list', async () => {
  const first = cardOf((await runText('/model', {}, OPEN)).replies)
  const fewer = { models: modelsOf(MANY.slice(0, 3)) }
  const { memory, notices, cards } = await pressCard({ data: dataOf(first, 'Model acme/m-05') }, fewer)
  expect(memory.settings).toEqual({ language: 'en' })
  expect(notices).toEqual([EN.model.notOffered])
  expect(buttonsOf(cards[0] ?? {})[0]).toEqual(['✓ Standard'])
})

test('a button whose operator offers nothing any more, or while the list is unknown, is answered with a notice', async () => {
  for (const [models, notice] of [
    [modelsOf([]), EN.settings.stale],
    [modelsOf(undefined), EN.model.listUnknown],
  ] as const) {
    const { notices, cards } = await pressCard({ data: 'model:default:0:' }, { models })
    expect([notices, cards]).toEqual([[notice], []])
  }
})

test('a model that is gone gives way to the default one, is told of once, and the question is answered', async () => {
  const answers = [{ kind: 'answered', text: 'Hi' } as const, { kind: 'answered', text: 'Hi again' } as const]
  const memory = { settings: { language: 'ru' as const, model: 'acme/gone_one' } }
  const { turn, replies } = await runText('hello', { memory, answers, language: 'ru' }, OPEN)
  expect(turn.memory.settings).toEqual({ language: 'ru' })
  expect(replies).toEqual([
    {
      text: 'Модель acme\\/gone\\_one больше недоступна. Теперь отвечает модель по умолчанию: /model',
      command: true,
      aside: true,
    },
    { text: 'Hi', command: false },
  ])
  const next = await runText('hello', { memory: turn.memory, answers, language: 'ru' }, OPEN)
  expect(next.replies).toHaveLength(1)
})

test('a model that is gone for the topic and for the whole chat is given up in both', async () => {
  const gone: Partial<Memory> = {
    settings: { language: 'en', model: 'acme/gone' },
    chatSettings: { model: 'acme/gone-too', streaming: 'off' },
  }
  const { turn } = await runText('hello', { memory: gone }, { models: modelsOf([]) })
  expect(turn.memory).toMatchObject({ settings: { language: 'en' }, chatSettings: { streaming: 'off' } })
})

test('while OpenRouter does not list its models, a chosen one stays', async () => {
  const memory = { settings: { language: 'en' as const, model: 'acme/m-03' } }
  const { turn, replies } = await runText('hello', { memory }, { models: modelsOf(undefined) })
  expect(turn.memory.settings.model).toBe('acme/m-03')
  expect(replies).toHaveLength(1)
})

test('window and prices are short, whatever they are', () => {
  const line = (contextTokens: number, price: OfferedModel['price']) =>
    modelLine({ id: 'x', name: 'X', contextTokens, price }, EN)
  expect(line(128_000, { input: 2.5, output: 10 })).toBe('**X** · 128K · $2.50 / $10')
  expect(line(1_047_576, { input: 0.075, output: 0.3 })).toBe('**X** · 1M · $0.075 / $0.30')
  expect(line(2_500_000, { input: 0, output: 0 })).toBe(`**X** · 2.5M · ${EN.model.free}`)
  expect(line(999_900, 'varies')).toBe(`**X** · 1M · ${EN.model.priceVaries}`)
  expect(line(512, { input: 0.15, output: 0 })).toBe('**X** · 512 · $0.15 / $0')
})
