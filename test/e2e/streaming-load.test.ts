import { expect, test } from 'vitest'
import { longAnswer, pagesOf } from './long-answers.ts'
import { buttonsIn, recordShown, standing } from './shown.ts'
import { openStack } from './stack.ts'

const CHATS = 500
const FIRST_USER = 1001
const UNITS = 1800
const REPLY_MS = 60_000
const PER_SECOND = 30

test('500 chats stream replies of a minute at once: no 429, every reply exact, previews shared fairly, the budget used', async () => {
  const stack = await openStack({
    environment: { MERGE_WINDOW_MS: '0', WORKER_CONCURRENCY: '250' },
    telegram: { limits: { enforce: true }, answerDelayMs: [5, 25] },
    model: { answers: longAnswer(UNITS), firstTokenMs: [100, 400], totalMs: [REPLY_MS, REPLY_MS] },
  })
  const users = Array.from({ length: CHATS }, (_, i) => FIRST_USER + i)
  for (const id of users) stack.telegram.phone.createUser({ id, languageCode: 'en' })
  await Promise.all([
    stack.start('gateway'),
    stack.start('worker'),
    stack.start('worker'),
    stack.start('sender'),
    stack.start('sender'),
  ])
  const shown = recordShown(stack)
  const question = (id: number) => `question of ${id}`
  for (const id of users) stack.telegram.phone.sendText({ from: id, text: question(id) })
  const open = new Set(users)
  const isWhole = (id: number) =>
    standing(stack, id).join() ===
      pagesOf(question(id), UNITS)
        .map(({ text }) => text)
        .join() && buttonsIn(stack, id).length === 0
  await stack.telegram.waitUntil(() => {
    for (const id of open) {
      if (shown(id).at(-1)?.buttons.length !== 0 || !isWhole(id)) return false
      open.delete(id)
    }
    return true
  }, 180_000)

  const [ledger] = stack.telegram.ledger().bots
  expect(ledger?.floods).toBe(0)
  expect(ledger?.overLimit).toMatchObject({ bot: 0, private: 0, group: 0, actions: 0 })
  const calls = users.flatMap((id) => shown(id).map(({ atMs }) => atMs)).toSorted((one, other) => one - other)
  const spanSeconds = ((calls.at(-1) ?? 0) - (calls[0] ?? 0)) / 1000
  expect((calls.length - 1) / spanSeconds / PER_SECOND).toBeGreaterThan(0.95)
  const previews = users.map((id) => shown(id).length - 1).toSorted((one, other) => one - other)
  const fair = previews.reduce((sum, count) => sum + count, 0) / CHATS
  expect(previews[0]).toBeGreaterThanOrEqual(Math.floor(fair) - 1)
  expect(previews.at(-1)).toBeLessThanOrEqual(Math.ceil(fair) + 1)
}, 300_000)
