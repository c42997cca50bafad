import { expect, test } from 'vitest'
import { languageOf } from '../src/language.ts'
import { createTextBook, textProblems } from '../src/texts.ts'

const textsIn = createTextBook().in

test('Russian clients are spoken to in Russian, all others in English', () => {
  expect(['ru', 'ru-RU', 'RU'].map(languageOf)).toEqual(['ru', 'ru', 'ru'])
  expect(['en', 'de', 'rum', '', undefined].map(languageOf)).toEqual(['en', 'en', 'en', 'en', 'en'])
})

test('both languages have the same texts, and none is empty', () => {
  const keys = (texts: object) =>
    Object.entries(texts).flatMap(([key, value]) => [
      key,
      ...(typeof value === 'object' ? Object.keys(value) : []),
    ])
  const all = (texts: object): string[] =>
    Object.values(texts).flatMap((value) => (typeof value === 'string' ? [value] : all(value)))
  expect(keys(textsIn('ru'))).toEqual(keys(textsIn('en')))
  expect([...all(textsIn('ru')), ...all(textsIn('en'))].filter((text) => text.trim() === '')).toEqual([])
})

test('the Russian greeting is the one that was promised', () => {
  expect(textsIn('ru').greeting).toBe('Привет! Введите текст, чтобы отправить его на OpenRouter.')
})

test('what a press of a button is answered fits into a notice of Telegram', () => {
  for (const { stopping, stopped, alreadyDone, onlyAuthorStops } of [textsIn('ru'), textsIn('en')]) {
    for (const notice of [stopping, stopped, alreadyDone, onlyAuthorStops]) {
      expect(notice.length).toBeLessThanOrEqual(200)
    }
  }
})

test('the Stop button has a name in both languages', () => {
  expect([textsIn('ru').stopButton, textsIn('en').stopButton]).toEqual(['⏹ Остановить', '⏹ Stop'])
})

test('what an operator says in other words takes the place of the bot’s own, key by key', () => {
  const book = createTextBook({ ru: { greeting: 'Здравствуйте!', faults: { hung: 'Ещё раз, пожалуйста.' } } })
  expect(book.in('ru')).toEqual({
    ...textsIn('ru'),
    greeting: 'Здравствуйте!',
    faults: { ...textsIn('ru').faults, hung: 'Ещё раз, пожалуйста.' },
  })
  expect(book.in('en')).toEqual(textsIn('en'))
  const memory = { state: 'new' as const, context: { generation: 0, messages: [] } }
  expect(book.of({ ...memory, settings: { language: 'ru' } }).greeting).toBe('Здравствуйте!')
  expect(book.of({ ...memory, settings: {} }).greeting).toBe(textsIn('en').greeting)
})

test('an operator’s texts under keys that are not there, and keys without a text, are told', () => {
  expect(textProblems({ greeting: 'Hi', faults: { hung: 'Again.' } })).toEqual([])
  expect(
    textProblems({ greetin: 'Hi', help: '  ', faults: { hung: 1, gone: 'x' }, streaming: 'on' }),
  ).toEqual([
    'greetin: found a key that the bot has no text for',
    'help: expected a text',
    'faults.hung: expected a text',
    'faults.gone: found a key that the bot has no text for',
    'streaming: expected texts by their keys',
  ])
  expect(textProblems(['Hi'])).toHaveLength(1)
})
