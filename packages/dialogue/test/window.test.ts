import { expect, test } from 'vitest'
import { estimateTokens } from '../src/tokens.ts'
import { fitMessages, promptOf } from '../src/window.ts'

const say = (role: 'user' | 'assistant', content: string) => ({ role, content })

test('a conversation that fits is sent whole, after the system prompt', () => {
  const messages = [say('user', 'one'), say('assistant', 'two'), say('user', 'three')]
  const fitted = fitMessages({ messages, maxTokens: 1000, reservedTokens: 10 })
  expect(promptOf('Be brief.', fitted)).toEqual([{ role: 'system', content: 'Be brief.' }, ...messages])
})

test('the oldest messages are left out first, and never an answer without its question', () => {
  const messages = [say('user', 'a'.repeat(400)), say('assistant', 'b'.repeat(40)), say('user', 'now')]
  const fitted = fitMessages({ messages, maxTokens: 50, reservedTokens: 5 })
  expect(fitted).toEqual([say('user', 'now')])
})

test('what is kept never costs more than the budget', () => {
  for (const maxTokens of [60, 100, 300, 1000]) {
    const messages = Array.from({ length: 40 }, (_, i) =>
      say(i % 2 ? 'assistant' : 'user', `${i} слово 言葉 word `.repeat(5)),
    )
    const fitted = fitMessages({ messages, maxTokens, reservedTokens: 20 })
    const cost = fitted.reduce((sum, { content }) => sum + estimateTokens(content), 20)
    expect(cost).toBeLessThanOrEqual(maxTokens)
  }
})

test('a newest message that is too long for the budget is cut, not left out, and no character is torn', () => {
  const fitted = fitMessages({ messages: [say('user', '😀'.repeat(500))], maxTokens: 101, reservedTokens: 0 })
  expect(fitted).toHaveLength(1)
  expect(fitted[0]?.content.length).toBeGreaterThan(0)
  expect(fitted[0]?.content).toBe('😀'.repeat((fitted[0]?.content.length ?? 0) / 2))
})

test('files cost what they cost, and are left out with the oldest messages', () => {
  const picture = { kind: 'picture' as const, fileId: 'f1', tokens: 800 }
  const messages = [
    { ...say('user', 'look'), attachments: [picture] },
    say('assistant', 'a cat'),
    say('user', 'and?'),
  ]
  expect(fitMessages({ messages, maxTokens: 900, reservedTokens: 0 })).toEqual(messages)
  expect(fitMessages({ messages, maxTokens: 700, reservedTokens: 0 })).toEqual([say('user', 'and?')])
  expect(promptOf('', messages)[1]).toEqual({ role: 'user', content: 'look', attachments: [picture] })
})
