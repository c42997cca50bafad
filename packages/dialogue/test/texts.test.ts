import { expect, test } from 'vitest'
import { languageOf } from '../src/language.ts'
import { textsIn } from '../src/texts.ts'

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
