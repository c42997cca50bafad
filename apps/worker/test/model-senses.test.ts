import type { Model } from '@chatlane/openrouter'
import { expect, test } from 'vitest'
import { requestTermsOf, sensesOf } from '../src/files/model-senses.ts'

const catalogue = (inputModalities?: string[], outputModalities?: string[]) => ({
  find: async (): Promise<Model | undefined> =>
    inputModalities && {
      ...{ id: 'a/b', name: 'B', contextLength: 1000, promptUsdPerToken: 0, completionUsdPerToken: 0 },
      inputModalities,
      ...(outputModalities && { outputModalities }),
    },
})

test('a model sees and hears what the list says, of sounds OpenAI’s two formats only', async () => {
  expect(await sensesOf(catalogue(['text']), 'a/b')).toEqual({ pictures: false, sounds: 'none' })
  expect(await sensesOf(catalogue(['text', 'image', 'audio']), 'a/b')).toEqual({
    pictures: true,
    sounds: 'all',
  })
  expect((await sensesOf(catalogue(['text', 'audio']), 'openai/b')).sounds).toBe('wav-mp3')
})

test('a model that nobody knows is believed to see', async () => {
  expect(await sensesOf(catalogue(), 'a/b')).toEqual({ pictures: true, sounds: 'none' })
})

test('pictures are asked of a model that makes some, and PDFs are read for one that does not read them', async () => {
  const terms = (hasPdf: boolean, ...lists: Parameters<typeof catalogue>) =>
    requestTermsOf(catalogue(...lists), { model: 'a/b', hasPdf })
  expect(await terms(false, ['text'], ['image', 'text'])).toEqual({ modalities: ['image', 'text'] })
  expect(await terms(true, ['text'], ['text'])).toEqual({ pdfEngine: 'cloudflare-ai' })
  expect(await terms(true, ['text', 'file'])).toEqual({})
})
