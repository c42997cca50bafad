import type { Model } from '@chatlane/openrouter'
import { expect, test } from 'vitest'
import { shareWindow } from '../src/model-window.ts'

const modelOf = (contextLength: number, maxCompletionTokens?: number): Model => ({
  ...{ id: 'a/one', name: 'One', contextLength, promptUsdPerToken: 0, completionUsdPerToken: 0 },
  ...(maxCompletionTokens !== undefined && { maxCompletionTokens }),
})

test('a large window leaves the answer its usual length and the rest to the prompt', () => {
  const { replyTokens, promptTokens } = shareWindow([modelOf(128_000, 16_384)])
  expect(replyTokens).toBe(4096)
  expect(promptTokens).toBeGreaterThan(115_000)
  expect((promptTokens ?? 0) + replyTokens).toBeLessThan(128_000)
})

test('a model’s own longest answer, and half of a small window, are the longest that is asked for', () => {
  expect(shareWindow([modelOf(128_000, 1000)]).replyTokens).toBe(1000)
  const small = shareWindow([modelOf(2048)])
  expect(small.replyTokens).toBe(1024)
  expect((small.promptTokens ?? 0) + small.replyTokens).toBeLessThan(2048)
})

test('where a fallback may answer, the smaller window counts; an unknown model says nothing', () => {
  const small = shareWindow([modelOf(2048)])
  expect(shareWindow([modelOf(128_000), undefined, modelOf(2048)])).toEqual(small)
  expect(shareWindow([undefined])).toEqual({
    replyTokens: 4096,
    promptTokens: undefined,
    contextTokens: undefined,
  })
})
