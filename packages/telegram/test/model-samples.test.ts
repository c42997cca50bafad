import { describe, expect, test } from 'vitest'
import { renderMarkdown } from '../src/markdown.ts'
import { cutPages } from '../src/pages.ts'
import { expectSendable, readEntities } from './formatted-text.ts'
import { modelSamples } from './model-samples.ts'

describe.each([...new Set(modelSamples.map(({ model }) => model))])('a reply of %s', (model) => {
  test.each(modelSamples.filter((sample) => sample.model === model))(
    '$name',
    ({ markdown, text, entities }) => {
      const formatted = renderMarkdown(markdown)
      expectSendable(formatted)
      expect({ text: formatted.text, entities: readEntities(formatted) }).toEqual({ text, entities })
      expect(cutPages(formatted)).toEqual([formatted])
    },
  )
})
