import { expect, test } from 'vitest'
import { readModels } from '../src/models.ts'

test('what is no listing has no models', () => {
  for (const body of [null, undefined, 'text', {}, { data: 5 }, { data: [null, 7, {}, { id: 'x' }] }]) {
    expect(readModels(body)).toEqual([])
  }
})

test('a router without a price of its own costs nothing that is known', () => {
  const router = {
    id: 'openrouter/auto',
    context_length: 2_000_000,
    pricing: { prompt: '-1', completion: '-1' },
  }
  expect(readModels({ data: [router] })).toEqual([
    {
      id: 'openrouter/auto',
      name: 'openrouter/auto',
      contextLength: 2_000_000,
      promptUsdPerToken: 0,
      completionUsdPerToken: 0,
      isPriceVariable: true,
    },
  ])
})

test('what a model takes and gives beside text is read', () => {
  const entry = {
    id: 'a/b',
    context_length: 1000,
    architecture: { input_modalities: ['text', 'image', 7], output_modalities: ['image', 'text'] },
  }
  expect(readModels({ data: [entry] })).toMatchObject([
    { inputModalities: ['text', 'image'], outputModalities: ['image', 'text'] },
  ])
})
