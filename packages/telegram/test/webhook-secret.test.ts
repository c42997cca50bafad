import { expect, test } from 'vitest'
import { defaultWebhookSecret, secretMatches } from '../src/webhook-secret.ts'

const token = '123456:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc'

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
