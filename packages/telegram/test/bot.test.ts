import { expect, test } from 'vitest'
import { botIdOf, defaultWebhookSecret, secretMatches } from '../src/bot.ts'

const token = '123456:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc'

test('the bot’s id is the token’s part before the colon', () => {
  expect(botIdOf(token)).toBe('123456')
})

test('what has not the form of a token has no id', () => {
  for (const text of [
    '',
    '123456',
    ':AAEhBOweik6ad9r',
    'x:AAEhBOweik6ad9r',
    '1:short',
    '1:AAEhBOweik6/ad9r',
    `${token}\n`,
  ]) {
    expect(botIdOf(text)).toBeUndefined()
  }
})

test('the derived secret is one that Telegram takes, the same each time and another for each bot', () => {
  const secret = defaultWebhookSecret(token)
  expect(secret).toMatch(/^[A-Za-z0-9_-]{43}$/)
  expect(defaultWebhookSecret(token)).toBe(secret)
  expect(defaultWebhookSecret(`${token}x`)).not.toBe(secret)
})

test('only the expected secret matches', () => {
  expect(secretMatches('abc', 'abc')).toBe(true)
  for (const given of ['', 'ab', 'abcd', 'abd', undefined]) expect(secretMatches('abc', given)).toBe(false)
})

test('no expected secret matches nothing', () => {
  expect(secretMatches('', '')).toBe(false)
  expect(secretMatches('', undefined)).toBe(false)
})
