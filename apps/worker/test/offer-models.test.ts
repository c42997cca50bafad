import type { Model } from '@chatlane/openrouter'
import { expect, test } from 'vitest'
import { offerModels } from '../src/offer-models.ts'

const model = (id: string): Model => ({
  id,
  name: `Name of ${id}`,
  contextLength: 128_000,
  promptUsdPerToken: 0.000_000_15,
  completionUsdPerToken: 0.000_000_6,
})
const LISTED = ['openai/gpt-4o', 'acme/a.b', 'acme/axb', 'acme/free:free', 'acme/standard'].map(model)

async function offered(...patterns: string[]) {
  const list = offerModels({ all: async () => LISTED }, { patterns, standard: 'acme/standard' })
  return (await list.offered())?.map(({ id }) => id)
}

test('without patterns no chat may choose', async () => {
  expect(offerModels({ all: async () => LISTED }, { patterns: [], standard: 'x' }).isOpen).toBe(false)
  expect(await offered()).toEqual([])
})

test('ids and patterns say which models are offered, the standard one always and first', async () => {
  expect(await offered('openai/gpt-4o')).toEqual(['acme/standard', 'openai/gpt-4o'])
  expect(await offered('openai/*', '*:free')).toEqual(['acme/standard', 'acme/free:free', 'openai/gpt-4o'])
  expect(await offered('*')).toHaveLength(LISTED.length)
  expect(await offered('nobody/*')).toEqual(['acme/standard'])
})

test('in a pattern only the star stands for something else', async () => {
  expect(await offered('acme/a.b')).toEqual(['acme/standard', 'acme/a.b'])
  expect(await offered('acme/(a')).toEqual(['acme/standard'])
})

test('a variant that is not listed is offered as its model, one that nobody has is not', async () => {
  expect(await offered('openai/gpt-4o:nitro', 'nobody/x:nitro')).toEqual([
    'acme/standard',
    'openai/gpt-4o:nitro',
  ])
  expect(await offered('acme/free:free')).toEqual(['acme/standard', 'acme/free:free'])
})

test('prices are told for a million tokens, those of routers not at all', async () => {
  const router: Model = { ...model('acme/auto'), promptUsdPerToken: 0, isPriceVariable: true }
  const list = offerModels(
    { all: async () => [router, model('acme/b')] },
    { patterns: ['*'], standard: 'acme/b' },
  )
  expect(await list.offered()).toEqual([
    {
      id: 'acme/b',
      name: 'Name of acme/b',
      contextTokens: 128_000,
      price: { input: expect.closeTo(0.15), output: expect.closeTo(0.6) },
    },
    { id: 'acme/auto', name: 'Name of acme/auto', contextTokens: 128_000, price: 'varies' },
  ])
})

test('a new list of OpenRouter’s is a new offer; none is not known', async () => {
  let listed: Model[] = []
  const list = offerModels({ all: async () => listed }, { patterns: ['*'], standard: 'acme/standard' })
  expect(await list.offered()).toBeUndefined()
  listed = [model('acme/a')]
  expect(await list.offered()).toHaveLength(1)
  listed = [model('acme/a'), model('acme/b')]
  expect(await list.offered()).toHaveLength(2)
})
