import { expect, test } from 'vitest'
import { runText } from './open-turn.ts'

const SOME = { tokens: 12_345, usd: 0.0123 }
const MORE = { tokens: 1_000_000, usd: 1.5 }

test('/usage tells what was used today and this month, in the language of who asks', async () => {
  const usage = { user: { day: SOME, month: MORE } }
  expect((await runText('/usage', { usage })).replies).toEqual([
    {
      text: '**You have used**\nToday: 12,345 tokens, $0.0123\nThis month: 1,000,000 tokens, $1.50',
      command: true,
    },
  ])
  const russian = (await runText('/usage', { usage, language: 'ru' })).replies[0]?.text
  expect(russian?.replace(/\s/g, ' ')).toBe(
    '**Вы израсходовали** Сегодня: токены: 12 345, $0,0123 В этом месяце: токены: 1 000 000, $1,50',
  )
})

test('what is limited is told with its limit, and in a group the chat’s use too', async () => {
  const limited = { ...SOME, mostTokens: 20_000, mostUsd: 0.5 }
  const usage = { user: { day: limited, month: MORE }, chat: { day: SOME, month: { ...MORE, mostUsd: 20 } } }
  const [reply] = (await runText('/usage', { usage, inGroup: true })).replies
  expect(reply?.text.split('\n')).toEqual([
    '**You have used**',
    'Today: 12,345 of 20,000 tokens, $0.0123 of $0.50',
    'This month: 1,000,000 tokens, $1.50',
    '',
    '**This chat has used**',
    'Today: 12,345 tokens, $0.0123',
    'This month: 1,000,000 tokens, $1.50 of $20.00',
  ])
})
