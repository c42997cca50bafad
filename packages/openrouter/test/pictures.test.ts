import { expect, test } from 'vitest'
import { MadePictures } from '../src/made-pictures.ts'
import { REQUEST, useHarness } from './harness.ts'

const harness = useHarness()
const PIXEL = 'data:image/png;base64,iVBORw0KGgo='
const painter = { ...REQUEST, model: 'google/gemini-2.5-flash-image' }

test('a model that makes pictures is asked for them, and they come beside the text', async () => {
  harness.simulator.setAnswers(() => ({ text: 'Here it is.', images: [PIXEL] }))
  const outcome = await harness.client.answer({ ...painter, modalities: ['image', 'text'] })
  expect(outcome).toMatchObject({
    kind: 'answered',
    text: 'Here it is.',
    pictures: [{ mimeType: 'image/png', base64: 'iVBORw0KGgo=' }],
  })
  expect(harness.simulator.requests()[0]?.modalities).toEqual(['image', 'text'])
})

test('an answer of a picture alone is no empty answer', async () => {
  harness.simulator.setAnswers(() => ({ text: '', images: [PIXEL] }))
  const outcome = await harness.client.answer({ ...painter, modalities: ['image', 'text'] })
  expect(outcome).toMatchObject({ kind: 'answered', text: '', pictures: [{ mimeType: 'image/png' }] })
})

test('who is to read a PDF can be chosen', async () => {
  await harness.client.answer({ ...REQUEST, pdfEngine: 'cloudflare-ai' })
  await harness.client.answer(REQUEST)
  expect(harness.simulator.requests().map(({ plugins }) => plugins)).toEqual([
    [{ id: 'file-parser', pdf: { engine: 'cloudflare-ai' } }],
    undefined,
  ])
})

test('pictures of a stream are bounded, told apart, and none is fetched from elsewhere', () => {
  const pictures = new MadePictures()
  const image = (url: unknown) => ({ type: 'image_url', image_url: { url } })
  expect(pictures.take(undefined)).toBe(false)
  expect(pictures.take([null, 5, image('https://example.com/a.png'), image(7)])).toBe(false)
  for (const _ of [1, 2]) expect(pictures.take([image(PIXEL)])).toBe(true)
  expect(pictures.all()).toHaveLength(1)
  for (let n = 0; n < 9; n++) pictures.take([image(`data:image/png;base64,${n}AAA`)])
  expect(pictures.all()).toHaveLength(4)
  const large = new MadePictures()
  large.take([image(`data:image/png;base64,${'A'.repeat(16_000_001)}`)])
  expect(large.all()).toEqual([])
})

test('a picture to a model without eyes is refused', async () => {
  const content = [{ type: 'image_url' as const, image_url: { url: PIXEL } }]
  const blind = { model: 'openai/gpt-3.5-turbo', messages: [{ role: 'user' as const, content }] }
  expect((await harness.client.answer(blind)).kind).toBe('failed')
  expect((await harness.client.answer({ ...blind, model: 'openai/gpt-4o' })).kind).toBe('answered')
})
