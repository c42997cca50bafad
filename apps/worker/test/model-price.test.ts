import type { Model } from '@chatlane/openrouter'
import { expect, test } from 'vitest'
import { priceOf } from '../src/model-price.ts'

const model = (id: string, promptUsdPerToken: number, completionUsdPerToken: number): Model => ({
  ...{ id, name: id, contextLength: 1000, promptUsdPerToken, completionUsdPerToken },
})
const catalogueOf = (...models: Model[]) => ({
  all: async () => models,
  find: async (id: string) => models.find((each) => each.id === id),
})
const LISTED = catalogueOf(model('a', 1, 5), model('b', 2, 3), model('dear', 9, 9), {
  ...model('router', 0, 0),
  isPriceVariable: true,
})

test('of several models the dearest counts, for prompt and answer each', async () => {
  expect(await priceOf(LISTED, ['a'])).toEqual({ promptUsdPerToken: 1, replyUsdPerToken: 5 })
  expect(await priceOf(LISTED, ['a', 'b'])).toEqual({ promptUsdPerToken: 2, replyUsdPerToken: 5 })
})

test('what nobody knows the price of is as dear as the dearest, and dear where nothing is listed', async () => {
  for (const id of ['unlisted', 'router'])
    expect(await priceOf(LISTED, ['a', id])).toEqual({ promptUsdPerToken: 9, replyUsdPerToken: 9 })
  const { replyUsdPerToken } = await priceOf(catalogueOf(), ['a'])
  expect(replyUsdPerToken).toBeGreaterThan(50e-6)
})
